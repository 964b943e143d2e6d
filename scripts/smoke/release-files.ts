import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** The artifacts of `npm run release`. */
export const RELEASE = join(import.meta.dirname, '../../dist/release');

/** The one artifact whose name ends so. */
export const artifact = (ending: string): string => {
  const names = readdirSync(RELEASE).filter((name) => name.endsWith(ending));
  assert.equal(names.length, 1, `dist/release has ${names.length} files *${ending}: run npm run release.`);
  return join(RELEASE, names[0] ?? '');
};

/** Every file of a folder with the hash of its content: equal before and after when nothing was written. */
export const fingerprint = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
    })
    .sort();

/** A folder with nothing but the programs of a bare system that `opstage` calls; for `PATH`. */
export const bareSystem = (folder: string): string => {
  mkdirSync(folder);
  for (const name of ['sh', 'readlink', 'dirname']) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(folder, name));
  }
  return folder;
};

/** Takes the right to write away from everybody; root has it anyway. */
export const makeReadOnly = (folder: string): void => {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o555);
    else if (entry.isFile()) chmodSync(path, entry.name === 'opstage' || entry.name === 'node' ? 0o555 : 0o444);
  }
};

/** Runs it in `folder` with nothing of this process's environment but `env`. */
export const runBare = (command: string, args: readonly string[], folder: string, env: NodeJS.ProcessEnv) => {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  return { code: status, output: stdout, errors: stderr };
};

/** The commands that a help text of `opstage` lists. */
export const commandsIn = (help: string): readonly string[] =>
  [...(/^Commands:\n([^]*)/m.exec(help)?.[1] ?? '').matchAll(/^ {2}([a-z][\w-]*)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
