import { createHash, type Hash } from 'node:crypto';
import type { AuditEvent, AuditSeal, AuditTombstone, Instant } from '#contracts';

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
