import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inProject, readProjectJson } from '../lib/project.mjs';
import { bundleServer } from './bundle.mjs';
import { buildOf } from './revision.mjs';

/** What of an installed package runs on this system: no sources, no types, no maps, no binaries of other systems. */
const NATIVE_FILES = [
  ['better-sqlite3', ['package.json', 'LICENSE', 'lib', 'prebuilds/linux-x64.node']],
  ['@node-rs/argon2', ['package.json', 'LICENSE', 'index.js']],
  ['@node-rs/argon2-linux-x64-gnu', ['package.json', 'argon2.linux-x64-gnu.node']],
  ['piscina', ['package.json', 'LICENSE', 'dist']],
  ['@napi-rs/nice', ['package.json', 'LICENSE', 'index.js', 'nice.js']],
  ['@napi-rs/nice-linux-x64-gnu', ['package.json', 'nice.linux-x64-gnu.node']],
];

const isRun = (path) => !/\.(?:map|d\.ts|d\.mts)$/.test(path);

const copy = (from, to) => {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, filter: isRun });
};

/** The manifest that the server reads its version, its Node and its build from. */
const manifest = () => {
  const { name, version, description, license, engines, opstage } = readProjectJson('package.json');
  return { name, version, description, license, type: 'module', engines, opstage: { ...opstage, build: buildOf() } };
};

/**
 * Makes what every kind of release consists of, in `folder`: the bundle, console, SDK, API description, licence. The bundle lies two
 * folders deep, as the modules do from which it was made, so that their paths to the other files hold.
 */
export const writeApp = async (folder) => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await bundleServer(join(folder, 'dist', 'server', 'bundle'));
  copy(inProject('dist', 'console'), join(folder, 'dist', 'console'));
  copy(inProject('dist', 'sdk'), join(folder, 'dist', 'sdk'));
  copy(inProject('dist', 'api-docs'), join(folder, 'api-docs'));
  copy(inProject('LICENSE'), join(folder, 'LICENSE'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
};

/** Adds the packages that are not bundled, for Linux on x64. */
export const addNativePackages = (folder) => {
  for (const [name, paths] of NATIVE_FILES) {
    for (const path of paths) {
      const from = inProject('node_modules', name, path);
      if (path !== 'LICENSE' || existsSync(from)) copy(from, join(folder, 'node_modules', name, path));
    }
  }
};
