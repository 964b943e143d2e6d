import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.mjs';

const COMMON_INPUTS = ['package.json', 'package-lock.json', 'tsconfig.json'];
const COMPRESS = 'scripts/lib/compress-console.mjs';
const SDK_SCRIPTS = ['scripts/sdk.mjs', 'scripts/lib/agent-package.mjs'];
const CONSOLE_TSCONFIGS = ['console/tsconfig.json', 'console/tsconfig.app.json'];

/** What is built into `dist/<name>`, from which files, and how; each part may depend on the ones before it. */
const PARTS = [
  {
    name: 'libs',
    inputs: ['libs'],
    commands: [['node_modules/typescript/bin/tsc', '-p', 'libs/tsconfig.build.json']],
  },
  {
    name: 'sdk',
    inputs: ['libs/contracts', 'libs/agent', 'libs/python/opstage_agent.py', 'LICENSE', ...SDK_SCRIPTS],
    commands: [['scripts/sdk.mjs']],
  },
  {
    name: 'server',
    inputs: ['libs/contracts', 'nest-cli.json', 'server/tsconfig.build.json', 'server/src'],
    commands: [['node_modules/@nestjs/cli/bin/nest.js', 'build']],
  },
  {
    name: 'api-docs',
    inputs: ['libs/contracts', 'server/src', 'scripts/openapi'],
    commands: [['scripts/openapi/build.ts']],
  },
  {
    name: 'console',
    inputs: ['libs/contracts', 'angular.json', 'console/src', 'console/public', COMPRESS, ...CONSOLE_TSCONFIGS],
    commands: [['node_modules/@angular/cli/bin/ng.js', 'build', '--no-progress'], [COMPRESS]],
  },
];

const stampOf = ({ name }) => inProject('dist', `${name}.sha256`);

/** All files at or under `path` that affect the build, in a stable order. */
const sourcesUnder = (path) => {
  if (!statSync(inProject(path)).isDirectory()) return path.endsWith('.spec.ts') ? [] : [path];
  const names = readdirSync(inProject(path)).sort();
  return names.flatMap((name) => sourcesUnder(join(path, name)));
};

const hashOfInputs = ({ inputs }) => {
  const hash = createHash('sha256');
  for (const path of [...COMMON_INPUTS, ...inputs].flatMap(sourcesUnder)) {
    const content = readFileSync(inProject(path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
};

const isFresh = (part) =>
  existsSync(inProject('dist', part.name)) &&
  existsSync(stampOf(part)) &&
  readFileSync(stampOf(part), 'utf8').trim() === hashOfInputs(part);

/** The parts whose build does not match the current sources, by content rather than by date. */
export const staleParts = () => PARTS.filter((part) => !isFresh(part));

export const allParts = () => PARTS;

/** Whether a part was built, of these sources or of earlier ones. */
export const isBuilt = (name) => existsSync(inProject('dist', name));

/** Builds one part from scratch with `run(node, args)`. If that throws, the part stays stale. */
export const buildPart = async (part, node, run) => {
  // Computed first, so that a source changed during the build makes the next start build again.
  const hash = hashOfInputs(part);
  for (const path of [stampOf(part), inProject('dist', part.name)]) rmSync(path, { recursive: true, force: true });
  for (const [script, ...args] of part.commands) await run(node, [inProject(script), ...args]);
  mkdirSync(inProject('dist'), { recursive: true });
  writeFileSync(stampOf(part), `${hash}\n`);
};
