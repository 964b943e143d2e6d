import { readProjectJson } from './project.mjs';
import { quietly } from './quietly.mjs';

const packagesOf = (lockFile) => readProjectJson(lockFile)?.packages ?? null;

const isSame = (wanted, present) => wanted.version === present.version && wanted.integrity === present.integrity;

/**
 * Whether the installed packages match the lock file. npm records what it installed at the end, so an interrupted
 * installation does not match. Optional packages may be absent: most are for other systems.
 */
export const areInstalled = () => {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  if (wanted === null || present === null) return false;
  const isSatisfied = ([path, entry]) => {
    const installed = present[path];
    return installed ? isSame(entry, installed) : path === '' || entry.optional === true;
  };
  return Object.entries(wanted).every(isSatisfied) && Object.keys(present).every((path) => path in wanted);
};

/** Installs exactly what the lock file says. @throws PlainError with npm's output */
export const install = () => {
  const args = ['ci', '--no-audit', '--no-fund'];
  // Use the running npm and its own Node, if any: the one in node_modules is about to be replaced.
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm && node) return quietly(node, [npm, ...args]);
  return process.platform === 'win32' ? quietly('npm.cmd', args, { shell: true }) : quietly('npm', args);
};
