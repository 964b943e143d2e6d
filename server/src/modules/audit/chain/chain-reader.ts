import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { AuditTombstone } from '#contracts';
import type { Tx } from '../../../database/tx.js';
import type { AuditFilter } from '../audit.repository.js';
import type { ChainPart, Segment } from './chain-verifier.js';
import { ChainRepository, type SealOutline } from './chain.repository.js';

/** Events read at once: a few milliseconds. */
const SLICE_EVENTS = 250;
const SLICE_SEALS = 200;
/** Between two slices everybody else has their turn. */
const PAUSE_MS = 1;

/** Reads the chain from its beginning, a slice at a time, while it grows and retention removes of it. */
@Injectable()
export class ChainReader {
  constructor(private readonly chain: ChainRepository) {}

  /** The parts of the chain with those events that `filter` chooses. */
  async *parts(filter: AuditFilter = {}): AsyncGenerator<ChainPart> {
    let last = 0;
    for (;;) {
      const tombstone = await this.#tombstoneAfter(last);
      if (tombstone) {
        yield { tombstone };
        last = tombstone.throughSequence;
      }
      const slice = await this.slice(last, filter);
      // Retention may have removed what was to be read: then a newer tombstone says so.
      if (await this.#tombstoneAfter(last)) continue;
      yield* slice;
      const end = slice.at(-1)?.seal.sequence;
      if (end === undefined) return;
      last = end;
      await pause(PAUSE_MS);
    }
  }

  /** The next segments after a seal, with few events in all; none at the end of the chain. */
  async slice(after: number, filter: AuditFilter, tx?: Tx): Promise<readonly Segment[]> {
    const outlines = fitting(await this.chain.outlines(after, SLICE_SEALS, tx));
    const [first, last] = [outlines[0]?.sequence, outlines.at(-1)?.sequence];
    if (first === undefined || last === undefined) return [];
    const seals = await this.chain.seals(first, last, tx);
    const stored = await this.chain.sealedEvents(first, last, filter, tx);
    const bySeal = Map.groupBy(stored, ({ sealSequence }) => sealSequence);
    return seals.map((seal) => ({
      seal,
      events: (bySeal.get(seal.sequence) ?? []).map(({ event }) => event),
    }));
  }

  async #tombstoneAfter(sequence: number): Promise<AuditTombstone | null> {
    const tombstone = await this.chain.tombstone();
    return tombstone && tombstone.throughSequence > sequence ? tombstone : null;
  }
}

/** As many segments from the first as have few enough events in all, and one at least. */
const fitting = (outlines: readonly SealOutline[]): readonly SealOutline[] => {
  let events = 0;
  const past = outlines.findIndex(({ eventCount }, index) => (events += eventCount) > SLICE_EVENTS && index > 0);
  return past === -1 ? outlines : outlines.slice(0, past);
};
