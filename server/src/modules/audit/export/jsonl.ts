import { createHash, type Hash } from 'node:crypto';
import type { AuditEvent, AuditSeal, AuditTombstone, Instant } from '#contracts';
import type { Signer } from '../../../common/crypto/secret-box.js';
import type { ChainPart, Segment } from '../chain/chain-verifier.js';
import { type ChainEnd, entriesOf } from '../chain/seal.js';

/** The first line of a JSON Lines export. */
export interface ExportHeader {
  readonly kind: 'export';
  readonly version: 1;
  readonly exportedAt: Instant;
  /** The filter of the export; empty for a complete one. */
  readonly filter: Readonly<Record<string, string | readonly string[]>>;
}

/** The last line of an export: what it contains, and a signature over all of it. */
export interface ExportEnd {
  readonly kind: 'end';
  readonly events: number;
  /** The hash of the newest seal; null when nothing was sealed. */
  readonly root: string | null;
  /** SHA-256 of every line before this one. */
  readonly digest: string;
  readonly signature: string;
}

/** A line of an export: each segment's seal is followed by those of its events that match the filter. */
export type ExportLine =
  | ExportHeader
  | ({ readonly kind: 'tombstone' } & AuditTombstone)
  | ({ readonly kind: 'seal' } & AuditSeal)
  | { readonly kind: 'event'; readonly segment: number; readonly position: number; readonly event: AuditEvent }
  | ExportEnd;

/** The text that the signature at the end of an export covers. */
export const endText = ({ events, root, digest }: Omit<ExportEnd, 'kind' | 'signature'>): string =>
  `export ${JSON.stringify([events, root, digest])}`;

/** SHA-256 of the lines added so far. */
export class LineDigest {
  readonly #hash: Hash = createHash('sha256');

  /** Adds lines, each with its line feed, and returns them. */
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
 * Writes the chain up to `until` in a form that can be verified without the server. A filtered export contains only
 * the segments with a matching event.
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
      // An event that is not in the seal has no position; verification reports it.
      return { kind: 'event', segment: seal.sequence, position: places.get(event.id) ?? 0, event };
    }),
  );
};

/** Splits a stream of text into lines, without their line feeds. */
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
