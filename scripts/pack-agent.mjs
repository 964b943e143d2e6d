/**
 * Packs the SDK for npm as `@opstage/agent`: its code and types, together with the contracts they use. Installs the
 * archive in an empty folder to prove that it works there, then prints its path. Run `npm run build:libs` first.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { inProject, readProjectJson } from './lib/project.mjs';

const PACKAGE = inProject('dist', 'packages', 'agent');
const CONSUMER = `import { CapsuleAgent, type CapsuleAgentOptions, type Health } from '@opstage/agent';
const options: CapsuleAgentOptions = { backendUrl: 'http://127.0.0.1', agent: { code: 'a' }, service: { code: 's', name: 'S' } };
const health: Health = { status: 'UP' };
new CapsuleAgent(options).health(() => health);
`;

const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });

/** Copies everything that is published into one folder. */
const stage = () => {
  const manifest = readProjectJson('libs/agent/package.json');
  const { version, engines } = readProjectJson('package.json');
  assert.deepEqual(
    { version: manifest.version, engines: manifest.engines },
    { version, engines },
    'libs/agent/package.json must have the version and engines of package.json.',
  );
  rmSync(PACKAGE, { recursive: true, force: true });
  mkdirSync(PACKAGE, { recursive: true });
  for (const lib of ['agent', 'contracts'])
    cpSync(inProject('dist', 'libs', lib), join(PACKAGE, lib), {
      recursive: true,
      filter: (path) => basename(path) !== 'testing' && !path.endsWith('.map'),
    });
  for (const path of ['libs/agent/package.json', 'libs/agent/README.md', 'LICENSE'])
    cpSync(inProject(path), join(PACKAGE, basename(path)));
};

const pack = () => {
  const [archive] = JSON.parse(npm(['pack', '--json', '--pack-destination', dirname(PACKAGE)], PACKAGE));
  return join(dirname(PACKAGE), archive.filename);
};

/** Installs the archive outside the repository, imports it, and compiles a program against its types. */
const verify = (archive) => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-agent-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    npm(['install', '--offline', '--no-audit', '--no-fund', archive], folder);
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    const options = ['--strict', '--target', 'es2023', '--lib', 'es2023', '--module', 'nodenext', '--types', 'node'];
    const typeRoots = ['--typeRoots', inProject('node_modules', '@types')];
    const tsc = inProject('node_modules', 'typescript', 'bin', 'tsc');
    execFileSync(process.execPath, [tsc, ...options, ...typeRoots, 'consumer.ts'], { cwd: folder, stdio: 'inherit' });
    execFileSync(process.execPath, ['consumer.js'], { cwd: folder, stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

stage();
const archive = pack();
verify(archive);
process.stdout.write(`${archive}\n`);
