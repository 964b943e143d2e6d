import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AuditSeal } from '#contracts';
import type { Signer } from '../../../common/crypto/secret-box.js';
import { errorCodeOf } from '../../../common/errors.js';
import { ensurePrivateFolder } from '../../../config/secret-file.js';

/** The file's name in the data directory. */
export const HEAD_FILE = 'audit-head.json';

/** The file or the data directory does not exist. */
const NO_FILE: ReadonlySet<string | null> = new Set(['ENOENT', 'ENOTDIR']);

/** The newest seal known to this server, stored outside the database. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

/** The content of the file: nothing yet, something not signed here, or the newest seal. */
export type StoredHead =
  { readonly kind: 'none' } | { readonly kind: 'forged' } | ({ readonly kind: 'head' } & ChainHead);

const headText = ({ sequence, hash }: ChainHead): string => `head ${sequence} ${hash}`;

/**
 * Stores the head of the chain in the data directory, where it contradicts a database that lost its newest events or was
 * restored to an older state.
 */
export class ChainHeadFile {
  readonly #file: string;

  constructor(
    dataDir: string,
    private readonly signer: Signer,
  ) {
    this.#file = join(dataDir, HEAD_FILE);
  }

  /** Reads the stored head; a missing file is `none`, not an error. */
  async read(): Promise<StoredHead> {
    const text = await this.#text();
    if (text === null) return { kind: 'none' };
    try {
      const { sequence, hash, signature } = JSON.parse(text) as ChainHead & { signature: string };
      const isSigned = this.signer.verify(headText({ sequence, hash }), signature);
      return isSigned ? { kind: 'head', sequence, hash } : { kind: 'forged' };
    } catch {
      // Whatever it is, this server did not write it.
      return { kind: 'forged' };
    }
  }

  /** Replaces the file atomically. */
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
