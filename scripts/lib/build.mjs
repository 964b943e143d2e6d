import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.mjs';

const INPUTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'nest-cli.json',
  'libs',
  'server/tsconfig.build.json',
  'server/src',
];
const OUTPUTS = ['dist/libs', 'dist/server'];
const STAMP = 'dist/inputs.sha256';

const STEPS = [
  ['node_modules/typescript/bin/tsc', '-p', 'libs/tsconfig.build.json'],
  ['node_modules/@nestjs/cli/bin/nest.js', 'build'],
];

const isSource = (name) => /\.(?:ts|json)$/.test(name) && !name.endsWith('.spec.ts');

/** All files under `path` that can change what is built, always in the same order. */
const sourcesUnder = (path) => {
  if (statSync(inProject(path)).isFile()) return [path];
  const entries = readdirSync(inProject(path), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() || isSource(entry.name))
    .map((entry) => join(path, entry.name))
    .sort()
    .flatMap(sourcesUnder);
};

const hashOfInputs = () => {
  const hash = createHash('sha256');
  for (const path of INPUTS.flatMap(sourcesUnder)) {
    const content = readFileSync(inProject(path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
};

/** Whether `dist/` was built from the sources as they are, whatever their dates say. */
export const isBuilt = () =>
  OUTPUTS.every((path) => existsSync(inProject(path))) &&
  existsSync(inProject(STAMP)) &&
  readFileSync(inProject(STAMP), 'utf8').trim() === hashOfInputs();

/** Builds libs and server afresh; `run(node, args)` runs one step. What it throws leaves `dist/` marked as not built. */
export const build = async (node, run) => {
  // Taken first: a source that changes meanwhile makes the next start build again.
  const hash = hashOfInputs();
  for (const path of [STAMP, ...OUTPUTS]) rmSync(inProject(path), { recursive: true, force: true });
  for (const [script, ...args] of STEPS) await run(node, [inProject(script), ...args]);
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(inProject(STAMP), `${hash}\n`);
};
