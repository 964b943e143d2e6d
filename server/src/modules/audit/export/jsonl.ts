import type { Signer } from '../../../common/crypto/signer.js';
import type { ChainPart, Segment } from '../chain/chain-verifier.js';
import { entriesOf, type ChainEnd } from '../chain/seal.js';
import { endText, LineDigest, type ExportHeader, type ExportLine } from './export-lines.js';

/** What an export turned out to have. */
export interface ExportSummary {
  readonly count: number;
  /** The hash of the newest seal when it began; null when there was none. */
  readonly root: string | null;
}

const lines = (...written: readonly ExportLine[]): string =>
  written.map((line) => `${JSON.stringify(line)}\n`).join('');

/**
 * Writes the parts of the chain up to `until` such that they can be verified without the server. Of a filtered export
 * only segments of which an event was chosen are in it.
 */
export async function* exportJsonl(
  header: Omit<ExportHeader, 'kind' | 'version'>,
  parts: AsyncIterable<ChainPart>,
  until: ChainEnd,
  signer: Signer,
): AsyncGenerator<string, ExportSummary> {
  const isComplete = Object.keys(header.filter).length === 0;
  const digest = new LineDigest();
  let count = 0;
  yield digest.add(lines({ kind: 'export', version: 1, ...header }));
  for await (const part of parts) {
    if ('tombstone' in part) {
      if (isComplete) yield digest.add(lines({ kind: 'tombstone', ...part.tombstone }));
      continue;
    }
    if (part.seal.sequence > until.sequence) break;
    if (!isComplete && part.events.length === 0) continue;
    yield digest.add(segmentLines(part));
    count += part.events.length;
  }
  const end = { events: count, root: until.sequence === 0 ? null : until.hash, digest: digest.value() };
  yield lines({ kind: 'end', ...end, signature: signer.sign(endText(end)) });
  return { count, root: end.root };
}

const segmentLines = ({ seal, events }: Segment): string => {
  const places = new Map(entriesOf(seal).map(({ id }, index) => [id, seal.firstPosition + index]));
  return lines(
    { kind: 'seal', ...seal },
    ...events.map((event): ExportLine => {
      // An event that was never sealed in here has no position; whoever verifies will say so.
      return { kind: 'event', segment: seal.sequence, position: places.get(event.id) ?? 0, event };
    }),
  );
};
