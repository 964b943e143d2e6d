import { createReadStream } from 'node:fs';
import { MAX_MATCH_LENGTH, type Wanted } from './credential-shapes.js';

export interface Finding {
  readonly kind: string;
  readonly file: string;
  /** Where it begins, in bytes. */
  readonly offset: number;
}

const CHUNK_BYTES = 1_048_576;

/** All that is wanted and found in a file, which is read a piece at a time: pages of a database too, whatever they hold. */
export const scanFile = async (file: string, wanted: readonly Wanted[]): Promise<Finding[]> => {
  const findings: Finding[] = [];
  let text = '';
  let start = 0;
  const search = (end: number): void => {
    for (const { kind, pattern } of wanted) {
      for (const { index } of text.matchAll(pattern)) {
        if (index < end) findings.push({ kind, file, offset: start + index });
      }
    }
  };
  for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES, encoding: 'latin1' })) {
    text += chunk as string;
    const end = Math.max(0, text.length - MAX_MATCH_LENGTH);
    search(end);
    text = text.slice(end);
    start += end;
  }
  search(text.length);
  return findings.sort((a, b) => a.offset - b.offset);
};
