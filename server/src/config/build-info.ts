import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BuildKind } from '#contracts';

/** What this program was made of. */
export interface BuildInfo {
  readonly kind: BuildKind;
  readonly commit: string | null;
  /** When, as an instant; null for a checkout, whose build is never older than its sources. */
  readonly time: string | null;
}

interface PackageJson {
  readonly version: string;
  readonly opstage: { readonly build?: BuildInfo };
}

const MANIFEST = new URL('../../../package.json', import.meta.url);

let manifest: PackageJson | null = null;

/** Read once: it is asked for by a route that anybody may call. */
const readManifest = (): PackageJson => (manifest ??= JSON.parse(readFileSync(MANIFEST, 'utf8')) as PackageJson);

/** Returns the version in `package.json`. */
export const packageVersion = (): string => readManifest().version;

/** Whether this is a release, which says so in its `package.json`, or a checkout. */
export const buildKind = (): BuildKind => readManifest().opstage.build?.kind ?? 'checkout';

/** The commit that is checked out; null without git, or when the sources came in another way. */
const checkedOutCommit = (): string | null => {
  try {
    const cwd = fileURLToPath(new URL('.', MANIFEST));
    // Only of this folder's own repository, not of one that it may lie in.
    const args = ['-C', cwd, '--git-dir=.git', 'rev-parse', 'HEAD'];
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 2_000 }).trim();
  } catch {
    return null;
  }
};

/** Returns what the release was made of; for a checkout, what git says. */
export const readBuild = (): BuildInfo =>
  readManifest().opstage.build ?? { kind: 'checkout', commit: checkedOutCommit(), time: null };
