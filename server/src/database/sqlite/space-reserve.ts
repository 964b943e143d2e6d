import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const RESERVE_BYTES = 4 * 1024 ** 2;
/** With less free space than this, the reserve would only bring the end nearer. */
const MIN_FREE_BYTES = 64 * 1024 ** 2;

/**
 * A file beside the database that does nothing but take up space. On a full disk even deleting needs some, for the log of
 * the database: giving the reserve up lets the maintenance make room.
 */
export class SpaceReserve {
  readonly #path: string;

  constructor(file: string) {
    this.#path = `${file}.reserve`;
  }

  /** Gives the space back to the disk. */
  release(): void {
    rmSync(this.#path, { force: true });
  }

  /** Takes the space, unless it is taken already or the disk has too little. */
  keep(): void {
    if (statSync(this.#path, { throwIfNoEntry: false })?.size === RESERVE_BYTES) return;
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    if (bavail * bsize < MIN_FREE_BYTES) return;
    const descriptor = openSync(this.#path, 'w', 0o600);
    try {
      writeSync(descriptor, Buffer.alloc(RESERVE_BYTES));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }
}
