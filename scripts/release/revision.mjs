import { execFileSync } from 'node:child_process';
import { inProject } from '../lib/project.mjs';

const git = (...args) => {
  try {
    return execFileSync('git', args, {
      cwd: inProject(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
};

/**
 * When the released commit was made, in seconds: what files of a release are dated, so that two builds are the same to the
 * byte. `SOURCE_DATE_EPOCH` stands for it where there is no git; otherwise 1980.
 */
export const releaseSeconds = () =>
  Number(process.env.SOURCE_DATE_EPOCH ?? git('log', '-1', '--format=%ct') ?? 315_532_800);

/** What the release says it is made of; a changed working copy is no commit of that name. */
export const buildOf = () => {
  const commit = git('rev-parse', 'HEAD');
  const isChanged = commit !== null && git('status', '--porcelain', '--untracked-files=no') !== '';
  return {
    kind: 'release',
    commit: commit === null ? null : `${commit}${isChanged ? '+changed' : ''}`,
    time: new Date(releaseSeconds() * 1000).toISOString(),
  };
};
