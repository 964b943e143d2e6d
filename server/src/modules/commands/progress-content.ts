import type { CommandProgressRequest } from '#contracts';
import { redactText } from '../../common/redaction/redact.js';
import type { CommandProgressEntity } from './command-progress.entity.js';

const MAX_LOG_LINES = 200;
/** Of the whole log as JSON. */
const MAX_LOG_BYTES = 32 * 1024;

/** The columns of a progress that come from its agent. */
export type ProgressContent = Pick<CommandProgressEntity, 'percent' | 'message' | 'log'>;

/** Redacted as one text: a private key may go over several lines. */
const toLines = (log: readonly string[]): readonly string[] =>
  log.length === 0 ? [] : redactText(log.join('\n')).split(/\r?\n/);

const newest = (lines: readonly string[]): readonly string[] => {
  const kept: string[] = [];
  let bytes = '[]'.length;
  for (const line of lines.slice(-MAX_LOG_LINES).reverse()) {
    bytes += Buffer.byteLength(JSON.stringify(line)) + ','.length;
    if (bytes > MAX_LOG_BYTES) break;
    kept.push(line);
  }
  return kept.reverse();
};

/** The progress once a report is added to what is `known`: what the report leaves out stays, its log is appended. */
export const addProgress = (
  known: ProgressContent | null,
  { percent, message, log = [] }: CommandProgressRequest,
): ProgressContent => ({
  // Never rounded up: 100 says that nothing is left to do.
  percent: percent === undefined ? (known?.percent ?? null) : Math.floor(percent),
  message: message === undefined ? (known?.message ?? null) : redactText(message),
  log: newest([...(known?.log ?? []), ...toLines(log)]),
});
