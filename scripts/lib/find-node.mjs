import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { PlainError } from './entry.mjs';
import { inProject, readProjectJson } from './project.mjs';

const SYSTEM = process.platform === 'win32' ? 'win' : process.platform;
const PROGRAM = process.platform === 'win32' ? 'node.exe' : 'node';

/** The Node that npm installed as a package, or null: not every system has one. */
export const installedNode = () => {
  try {
    return realpathSync(inProject('node_modules', `node-${SYSTEM}-${process.arch}`, 'bin', PROGRAM));
  } catch {
    return null;
  }
};

const runs = (node) => node === process.execPath || spawnSync(node, ['--version']).status === 0;

const requiredVersion = () => /\d+\.\d+/.exec(readProjectJson('package.json')?.engines?.node ?? '')?.[0] ?? '22.22';

const isRecent = (version, required) => {
  const [major, minor] = version.split('.').map(Number);
  const [requiredMajor, requiredMinor] = required.split('.').map(Number);
  return major > requiredMajor || (major === requiredMajor && minor >= requiredMinor);
};

/**
 * The Node that runs the product: the installed one, else the one that runs this script if it is recent enough.
 * @throws PlainError that says which Node is needed
 */
export const findNode = () => {
  const installed = installedNode();
  if (installed !== null && runs(installed)) return installed;
  const required = requiredVersion();
  if (isRecent(process.versions.node, required)) return process.execPath;
  throw new PlainError(
    `Opstage CE needs Node ${required} or newer. This is Node ${process.versions.node}, and npm has none for ` +
      `${process.platform} on ${process.arch} that works here. Install a newer Node, then run this again.`,
  );
};
