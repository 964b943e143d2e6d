import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { AuditTombstone } from '#contracts';
import type { Tx } from '../../../database/tx.js';
import type { AuditFilter } from '../audit.repository.js';
import type { ChainPart, Segment } from './chain-verifier.js';
import { ChainRepository, type SealProjection } from './chain.repository.js';

/** Events read at a time, in a few milliseconds. */
const SLICE_EVENTS = 250;
const SLICE_SEALS = 200;
/** Between two slices, so other requests get their turn. */
const PAUSE_MS = 1;

/** Reads the chain from its beginning, a slice at a time, while it grows and retention deletes its beginning. */
@Injectable()
export class ChainReader {
  constructor(private readonly chain: ChainRepository) {}

  /** The parts of the chain, with the events that match `filter`. */
  async *parts(filter: AuditFilter = {}): AsyncGenerator<ChainPart> {
    let last = 0;
    for (;;) {
      const tombstone = await this.#tombstoneAfter(last);
      if (tombstone) {
        yield { tombstone };
        last = tombstone.throughSequence;
      }
      const slice = await this.slice(last, filter);
      // Retention may have deleted this slice while it was read; a newer tombstone then says so.
      if (await this.#tombstoneAfter(last)) continue;
      yield* slice;
      const end = slice.at(-1)?.seal.sequence;
      if (end === undefined) return;
      last = end;
      await pause(PAUSE_MS);
    }
  }

  /** The next few segments after a seal; empty at the end of the chain. */
  async slice(after: number, filter: AuditFilter, tx?: Tx): Promise<readonly Segment[]> {
    const projections = fitting(await this.chain.projections(after, SLICE_SEALS, tx));
    const [first, last] = [projections[0]?.sequence, projections.at(-1)?.sequence];
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

/** As many of the first segments as fit into a slice, and at least one. */
const fitting = (projections: readonly SealProjection[]): readonly SealProjection[] => {
  let events = 0;
  const past = projections.findIndex(({ eventCount }, index) => (events += eventCount) > SLICE_EVENTS && index > 0);
  return past === -1 ? projections : projections.slice(0, past);
};
