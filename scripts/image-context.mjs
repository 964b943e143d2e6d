/**
 * Prepares the folder that the image is built from: `node scripts/image-context.mjs FOLDER`, after `npm run build`. It gets what the
 * server needs at run time from this checkout (build, production packages, Node), and an empty data directory. Linux only.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PlainError, runScript, say } from './lib/entry.mjs';
import { inProject, readProjectJson } from './lib/project.mjs';

const NODE = join('node_modules', `node-linux-${process.arch}`, 'bin', 'node');
const BUILT = ['server', 'api-docs', 'console', 'sdk', join('libs', 'contracts')];
/** Node itself goes elsewhere; TypeScript is an optional peer that nothing needs at run time. */
const LEFT_OUT = /^node_modules\/(node-(linux|win|darwin)-|typescript$)/;
/** Of the packages, what only people and compilers read. */
const UNREAD = /\.(d\.[cm]?ts|[cm]?ts|map|md|markdown|c|cc|cpp|h|hpp|gyp|gypi|o|a)$|\/(\.bin|deps|test|tests|docs)$/i;

/** The folders of the production packages, as the lock file has them. */
const productionPackages = () =>
  Object.entries(readProjectJson('package-lock.json').packages)
    .filter(([path, { dev = false, devOptional = false }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
    .filter((path) => !LEFT_OUT.test(path) && existsSync(inProject(path)));

const copyPackages = (app) => {
  for (const path of productionPackages())
    cpSync(inProject(path), join(app, path), {
      recursive: true,
      // A package inside another one is copied by itself, if it is needed.
      filter: (from) => !UNREAD.test(from) && !from.slice(inProject(path).length).includes('/node_modules'),
    });
};

const prepare = (folder) => {
  for (const part of [...BUILT.map((name) => join('dist', name)), NODE])
    if (!existsSync(inProject(part))) throw new PlainError(`${part} is missing. Run npm ci and npm run build first.`);
  const app = join(folder, 'app');
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  for (const part of BUILT) cpSync(inProject('dist', part), join(app, 'dist', part), { recursive: true });
  for (const part of ['package.json', 'LICENSE']) cpSync(inProject(part), join(app, part));
  cpSync(inProject('deploy', 'image', 'healthcheck.mjs'), join(app, 'healthcheck.mjs'));
  copyPackages(app);
  cpSync(inProject(NODE), join(app, 'node'));
  try {
    execFileSync('strip', [join(app, 'node')], { stdio: 'ignore' });
  } catch {
    say('strip is not installed (on Debian: binutils); Node stays 20 MB larger.');
  }
  mkdirSync(join(folder, 'data'), { recursive: true });
  chmodSync(join(folder, 'data'), 0o700);
};

await runScript(() => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new PlainError('Usage: node scripts/image-context.mjs FOLDER');
  prepare(resolve(folder));
});
