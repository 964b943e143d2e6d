import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { PlainError } from './entry.mjs';
import { inProject, readProjectJson } from './project.mjs';

const FOLDER = inProject('dist', 'packages', 'agent');
const COPIED = ['libs/agent/package.json', 'libs/agent/README.md', 'LICENSE'];

/** Runs npm; returns what it printed. */
export const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });

const checkManifest = () => {
  const { version } = readProjectJson('libs/agent/package.json');
  if (version === readProjectJson('package.json').version) return;
  throw new PlainError('libs/agent/package.json must have the version of package.json.');
};

/** Its code in one file, as tsc wrote it: what an author finds in a stack trace can be read there. */
const bundle = async () => {
  const built = await rolldown({ input: inProject('dist', 'libs', 'agent', 'index.js'), platform: 'node' });
  try {
    await built.write({ file: join(FOLDER, 'index.js'), format: 'esm', keepNames: true });
  } finally {
    await built.close();
  }
};

/** Its types in one file. */
const rollUpTypes = () => {
  const extractor = inProject('node_modules', '@microsoft', 'api-extractor', 'bin', 'api-extractor');
  const config = inProject('libs', 'agent', 'api-extractor.rollup.json');
  execFileSync(process.execPath, [extractor, 'run', '-c', config], { cwd: inProject(), stdio: 'pipe' });
};

/**
 * Packs the SDK for npm as `@opstage/agent`, from what is built in `dist/libs`: one file of code, one of types. The same sources make
 * the same archive. Returns its path, in `folder`.
 */
export const packAgent = async (folder) => {
  checkManifest();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  mkdirSync(folder, { recursive: true });
  await bundle();
  rollUpTypes();
  for (const path of COPIED) cpSync(inProject(path), join(FOLDER, basename(path)));
  const [archive] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], FOLDER));
  return join(folder, archive.filename);
};
