import { createHash, type Hash } from 'node:crypto';
import type { AuditEvent, AuditSeal, AuditTombstone, Instant } from '#contracts';
import type { Signer } from '../../../common/crypto/secret-box.js';
import type { ChainPart, Segment } from '../chain/chain-verifier.js';
import { type ChainEnd, entriesOf } from '../chain/seal.js';

/** What an export in JSON Lines says of itself, first. */
export interface ExportHeader {
  readonly kind: 'export';
  readonly version: 1;
  readonly exportedAt: Instant;
  /** The filter it was made with; empty when it has all there was. */
  readonly filter: Readonly<Record<string, string | readonly string[]>>;
}

/** What an export has, and the signature over all of it, last. */
export interface ExportEnd {
  readonly kind: 'end';
  readonly events: number;
  /** The hash of the newest seal there was; null when there was none. */
  readonly root: string | null;
  /** SHA-256 of every line before this one. */
  readonly digest: string;
  readonly signature: string;
}

/** The lines of an export: each segment's seal, followed by those of its events that were chosen. */
export type ExportLine =
  | ExportHeader
  | ({ readonly kind: 'tombstone' } & AuditTombstone)
  | ({ readonly kind: 'seal' } & AuditSeal)
  | { readonly kind: 'event'; readonly segment: number; readonly position: number; readonly event: AuditEvent }
  | ExportEnd;

/** What is signed at the end of an export. */
export const endText = ({ events, root, digest }: Omit<ExportEnd, 'kind' | 'signature'>): string =>
  `export ${JSON.stringify([events, root, digest])}`;

/** The digest of the lines so far. */
export class LineDigest {
  readonly #hash: Hash = createHash('sha256');

  /** Takes lines as they stand in the file, each with its end. */
  add(text: string): string {
    this.#hash.update(text);
    return text;
  }

  value(): string {
    return this.#hash.copy().digest('base64url');
  }
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
): AsyncGenerator<string> {
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

/** The lines of a text that comes in pieces, without their ends; only a line feed ends one. */
export async function* readLines(stream: AsyncIterable<string | Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of stream) {
    rest += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
