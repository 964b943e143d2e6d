import { readFileSync } from 'node:fs';

interface PackageJson {
  readonly engines: { readonly node: string };
}

const numbersOf = (version: string): number[] => version.split('.').map(Number);

/** Whether a version such as `20.20.2` is at least `required`, such as `22.22`. */
export const isRecentNode = (version: string, required: string): boolean => {
  const [major = 0, minor = 0] = numbersOf(version);
  const [requiredMajor = 0, requiredMinor = 0] = numbersOf(required);
  return major > requiredMajor || (major === requiredMajor && minor >= requiredMinor);
};

/**
 * Exits with 78 on a Node that is too old, and says which is needed. Call it before anything else is loaded: the native modules
 * crash such a Node, without a word.
 */
export const requireRecentNode = (): void => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const { node } = (JSON.parse(text) as PackageJson).engines;
  const required = node.replace(/^\D+/, '');
  if (isRecentNode(process.versions.node, required)) return;
  process.stderr.write(
    `Opstage CE needs Node ${required} or newer; ${process.execPath} is Node ${process.versions.node}.\n`,
  );
  process.exit(78);
};
