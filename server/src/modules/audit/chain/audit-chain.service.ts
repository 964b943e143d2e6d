import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { AuditEvent } from '#contracts';
import { Clock, toInstant } from '../../../common/clock.js';
import { Signer } from '../../../common/crypto/secret-box.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { type ChainHead, ChainHeadFile } from './chain-head.js';
import { ChainRepository } from './chain.repository.js';
import { AUDIT_CHAIN, type ChainEnd, endAfter, endOf, makeSeal, sealText, tombstoneText } from './seal.js';

/** Few enough to hash without delaying other requests, and to delete in one transaction. */
export const SEGMENT_EVENTS = 250;

/** Retention keeps an event at most this much longer than required. */
const SEGMENT_SPAN_MS = 3_600_000;

/** How many times longer sealing pauses than it works while there is more to seal. */
const PAUSE_RATIO = 4;

const RENEWAL_BATCH = 200;
const MAX_SEQUENCE = 2_147_483_647;

export interface Sealing {
  readonly stop?: AbortSignal;
  /** A caller is waiting for the result: do not pause between segments. */
  readonly isUrgent?: boolean;
}

/** The chain of seals over the audit: sealing new events, keeping its head, and renewing its signatures. */
@Injectable()
export class AuditChainService {
  readonly signer: Signer;
  readonly head: ChainHeadFile;
  readonly #logger = new Logger(AuditChainService.name);
  #isHeadFailing = false;

  constructor(
    private readonly chain: ChainRepository,
    private readonly db: Database,
    private readonly clock: Clock,
    config: AppConfig,
  ) {
    this.signer = new Signer(config.sessionSecrets, AUDIT_CHAIN);
    this.head = new ChainHeadFile(config.dataDir, this.signer);
  }

  /** Seals every event committed so far, or until `stop` aborts; returns how many were sealed. */
  async sealNew({ stop, isUrgent = false }: Sealing = {}): Promise<number> {
    let total = 0;
    for (let hasMore = true; hasMore && stop?.aborted !== true;) {
      const startedAt = performance.now();
      const sealed = await this.db.transaction((tx) => this.#sealSegment(tx));
      total += sealed.count;
      hasMore = sealed.hasMore;
      // Sealing a million events left by an older version must not slow the server down.
      if (hasMore && !isUrgent) await pause(PAUSE_RATIO * (performance.now() - startedAt));
    }
    await this.#saveHead();
    return total;
  }

  /** The current end of the chain, where the next seal continues. */
  async end(tx?: Tx): Promise<ChainEnd> {
    const seal = await this.chain.newestSeal(tx);
    return seal ? endOf(seal) : endAfter(await this.chain.tombstone(tx));
  }

  /** The hash of a seal that is there, or was the last one that retention removed; null for any other. */
  async hashAt(sequence: number): Promise<string | null> {
    const [seal] = await this.chain.seals(sequence, sequence);
    if (seal) return seal.hash;
    const tombstone = await this.chain.tombstone();
    return tombstone?.throughSequence === sequence ? tombstone.root : null;
  }

  /**
   * Re-signs with the first session secret what an older one signed, so the older one can be retired. A signature of no
   * known secret stays: it proves nothing, and must not start to.
   */
  async renewSignatures(): Promise<void> {
    await this.db.transaction((tx) => this.#renewTombstone(tx));
    const oldest = await this.chain.oldestSignature();
    if (!oldest || this.signer.isCurrent(sealText(oldest.hash), oldest.signature)) return;
    // Newest first: once the oldest seal has a current signature, all do.
    let before: number | null = MAX_SEQUENCE;
    while (before !== null) {
      const from: number = before;
      before = await this.db.transaction((tx) => this.#renewBefore(from, tx));
    }
  }

  /** Order is decided here, not on insert: on PostgreSQL a transaction that began earlier may commit later. */
  async #sealSegment(tx: Tx): Promise<{ readonly count: number; readonly hasMore: boolean }> {
    await this.chain.lockChain(tx);
    const found = (await this.chain.unsealedEvents(SEGMENT_EVENTS, tx)).map(({ event }) => event);
    const events = withinSpan(found);
    const ids = events.map(({ id }) => id);
    if (ids.length === 0) return { count: 0, hasMore: false };
    const seal = makeSeal(await this.end(tx), events, toInstant(this.clock.now()), this.signer);
    const sealed = await this.chain.seal(seal, ids, tx);
    if (sealed !== ids.length) throw new Error(`Only ${sealed} of ${ids.length} audit events could be sealed.`);
    return { count: sealed, hasMore: found.length === SEGMENT_EVENTS || events.length < found.length };
  }

  /** A failure here does not undo the seals; it is logged once, not with every seal. */
  async #saveHead(): Promise<void> {
    const problem = await this.#trySaveHead().catch((error: unknown) => error);
    if (problem && !this.#isHeadFailing) this.#logger.error(problem);
    this.#isHeadFailing = problem !== null;
  }

  /** A head that contradicts the chain is left alone: it is the only evidence of what was there. */
  async #trySaveHead(): Promise<string | null> {
    const newest = await this.chain.newestSeal();
    if (!newest) return null;
    const head = await this.head.read();
    const isKnown = head.kind === 'head';
    if (isKnown && head.sequence === newest.sequence && head.hash === newest.hash) return null;
    const isContinued = head.kind === 'none' || (isKnown && (await this.#continuesFrom(head)));
    if (!isContinued) return 'The audit does not match what this server sealed; verify it.';
    await this.head.write(newest);
    return null;
  }

  /**
   * Whether the chain still has the seal that the head names. A head that retention has passed without ever meeting it
   * is no proof: the chain may have grown from an older copy of the database.
   */
  async #continuesFrom({ sequence, hash }: ChainHead): Promise<boolean> {
    return (await this.hashAt(sequence)) === hash;
  }

  async #renewBefore(sequence: number, tx: Tx): Promise<number | null> {
    await this.chain.lockChain(tx);
    const seals = await this.chain.signaturesBefore(sequence, RENEWAL_BATCH, tx);
    for (const seal of seals) {
      const signature = this.#renewed(sealText(seal.hash), seal.signature);
      if (signature) await this.chain.signSeal(seal.sequence, signature, tx);
    }
    return seals.at(-1)?.sequence ?? null;
  }

  async #renewTombstone(tx: Tx): Promise<void> {
    await this.chain.lockChain(tx);
    const tombstone = await this.chain.tombstone(tx);
    const signature = tombstone && this.#renewed(tombstoneText(tombstone), tombstone.signature);
    if (signature) await this.chain.signTombstone(signature, tx);
  }

  #renewed(text: string, signature: string): string | null {
    const isOutdated = this.signer.verify(text, signature) && !this.signer.isCurrent(text, signature);
    return isOutdated ? this.signer.sign(text) : null;
  }
}

/** The first events, up to a time span: a segment is kept until its youngest event expires. */
const withinSpan = (events: readonly AuditEvent[]): readonly AuditEvent[] => {
  const [first] = events;
  if (!first) return [];
  const end = Date.parse(first.createdAt) + SEGMENT_SPAN_MS;
  const past = events.findIndex(({ createdAt }) => Date.parse(createdAt) > end);
  return past === -1 ? events : events.slice(0, past);
};
