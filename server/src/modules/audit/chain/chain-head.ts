import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AuditSeal } from '#contracts';
import type { Signer } from '../../../common/crypto/secret-box.js';
import { errorCodeOf } from '../../../common/errors.js';
import { ensurePrivateFolder } from '../../../config/secret-file.js';

export const HEAD_FILE = 'audit-head.json';

/** There is no such file, and where the data directory should be, none either. */
const NO_FILE: ReadonlySet<string | null> = new Set(['ENOENT', 'ENOTDIR']);

/** The newest seal that this server knows of, kept outside of the database. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** What the file says: nothing yet, something nobody here signed, or where the chain had come to. */
export type StoredHead =
  { readonly kind: 'none' } | { readonly kind: 'forged' } | ({ readonly kind: 'head' } & ChainHead);

const headText = ({ sequence, hash }: ChainHead): string => `head ${sequence} ${hash}`;

/**
 * Keeps the head of the chain in the data directory: a database that lost its newest events, or was put back to an
 * older state, contradicts it.
 */
export class ChainHeadFile {
  readonly #file: string;

  constructor(
    dataDir: string,
    private readonly signer: Signer,
  ) {
    this.#file = join(dataDir, HEAD_FILE);
  }

  async read(): Promise<StoredHead> {
    const text = await this.#text();
    if (text === null) return { kind: 'none' };
    try {
      const { sequence, hash, signature } = JSON.parse(text) as ChainHead & { signature: string };
      const isSigned = this.signer.verify(headText({ sequence, hash }), signature);
      return isSigned ? { kind: 'head', sequence, hash } : { kind: 'forged' };
    } catch {
      // Whatever it is, it is not what was written.
      return { kind: 'forged' };
    }
  }

  /** Replaces what the file says, whole or not at all. */
  async write({ sequence, hash }: AuditSeal): Promise<void> {
    const signature = this.signer.sign(headText({ sequence, hash }));
    ensurePrivateFolder(dirname(this.#file));
    const draft = `${this.#file}.${randomUUID()}`;
    try {
      await writeFile(draft, `${JSON.stringify({ sequence, hash, signature })}\n`, { mode: 0o600, flush: true });
      await rename(draft, this.#file);
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #text(): Promise<string | null> {
    try {
      return await readFile(this.#file, 'utf8');
    } catch (error) {
      if (NO_FILE.has(errorCodeOf(error))) return null;
      throw error;
    }
  }
}
