import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { AuditEvent, AuditFault } from '#contracts';
import { Clock, toInstant } from '../../../common/clock.js';
import { Signer } from '../../../common/crypto/secret-box.js';
import { type JobContext, MaintenanceJob } from '../../../common/maintenance-job.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { ChainHeadFile } from './chain-head.js';
import { ChainReader } from './chain-reader.js';
import { ChainVerifier } from './chain-verifier.js';
import { ChainRepository } from './chain.repository.js';
import {
  AUDIT_CHAIN,
  type ChainEnd,
  endAfter,
  endOf,
  makeSeal,
  makeTombstone,
  sealText,
  tombstoneText,
} from './seal.js';

/** Few enough to keep nobody waiting while they are hashed, and to be removed at once. */
export const SEGMENT_EVENTS = 250;

/** Retention keeps an event at most this much longer than it has to. */
const SEGMENT_SPAN_MS = 3_600_000;

/** How much longer it rests than it works while there is more. */
const PAUSE_RATIO = 4;

export interface Sealing {
  readonly stop?: AbortSignal;
  /** Somebody waits for it: it does not rest between segments. */
  readonly isInHurry?: boolean;
}

/** Seals what was written, segment after segment. */
@Injectable()
export class AuditChain {
  readonly signer: Signer;
  readonly head: ChainHeadFile;
  readonly #logger = new Logger(AuditChain.name);
  #isInTrouble = false;

  constructor(
    private readonly chain: ChainRepository,
    private readonly db: Database,
    private readonly clock: Clock,
    config: AppConfig,
  ) {
    this.signer = new Signer(config.sessionSecrets, AUDIT_CHAIN);
    this.head = new ChainHeadFile(config.dataDir, this.signer);
  }

  /** Seals every event that is committed by now, or until it is told to stop; returns how many there were. */
  async sealNew({ stop, isInHurry = false }: Sealing = {}): Promise<number> {
    let total = 0;
    for (let hasMore = true; hasMore && stop?.aborted !== true;) {
      const startedAt = performance.now();
      const sealed = await this.db.transaction((tx) => this.#sealSegment(tx));
      total += sealed.count;
      hasMore = sealed.hasMore;
      // Of a million that an older version left, nobody is to notice: most of the time is everybody else's.
      if (hasMore && !isInHurry) await pause(PAUSE_RATIO * (performance.now() - startedAt));
    }
    await this.#keepHead();
    return total;
  }

  /** Where the chain has come to. */
  async end(tx?: Tx): Promise<ChainEnd> {
    const seal = await this.chain.newestSeal(tx);
    return seal ? endOf(seal) : endAfter(await this.chain.tombstone(tx));
  }

  /**
   * Where an event stands is settled here and not when it is written: on PostgreSQL one that began earlier may be
   * committed later.
   */
  async #sealSegment(tx: Tx): Promise<{ readonly count: number; readonly hasMore: boolean }> {
    await this.chain.lockChain(tx);
    const found = (await this.chain.unsealedEvents(SEGMENT_EVENTS, tx)).map(({ event }) => event);
    const events = withinSpan(found);
    const ids = events.map(({ id }) => id);
    if (ids.length === 0) return { count: 0, hasMore: false };
    const seal = makeSeal(await this.end(tx), events, toInstant(this.clock.now()), this.signer);
    const sealed = await this.chain.seal(seal, ids, tx);
    if (sealed !== ids.length) throw new Error(`Of ${ids.length} audit events ${sealed} could be sealed.`);
    return { count: sealed, hasMore: found.length === SEGMENT_EVENTS || events.length < found.length };
  }

  /** What is sealed is sealed, whether or not its head can be kept. */
  async #keepHead(): Promise<void> {
    const trouble = await this.#tryToKeepHead().catch((error: unknown) => error);
    // Said once, and not with every seal.
    if (trouble && !this.#isInTrouble) this.#logger.error(trouble);
    this.#isInTrouble = trouble !== null;
  }

  /** A head that contradicts the chain is kept as it is: it is the only witness of what was there. */
  async #tryToKeepHead(): Promise<string | null> {
    const newest = await this.chain.newestSeal();
    if (!newest) return null;
    const head = await this.head.read();
    const isKnown = head.kind === 'head';
    if (isKnown && head.sequence === newest.sequence && head.hash === newest.hash) return null;
    const goesOn = head.kind === 'none' || (isKnown && (await this.#goesOnFrom(head)));
    if (!goesOn) return 'The audit is not what this server sealed; verify it.';
    await this.head.write(newest);
    return null;
  }

  async #goesOnFrom({ sequence, hash }: { sequence: number; hash: string }): Promise<boolean> {
    const [seal] = await this.chain.seals(sequence, sequence);
    if (seal) return seal.hash === hash;
    const tombstone = await this.chain.tombstone();
    return tombstone !== null && sequence <= tombstone.throughSequence;
  }
}

/** Those that are not much younger than the first: a segment is kept until its youngest event may go. */
const withinSpan = (events: readonly AuditEvent[]): readonly AuditEvent[] => {
  const [first] = events;
  if (!first) return [];
  const end = Date.parse(first.createdAt) + SEGMENT_SPAN_MS;
  const past = events.findIndex(({ createdAt }) => Date.parse(createdAt) > end);
  return past === -1 ? events : events.slice(0, past);
};

/** Removes what is older than it has to be, whole segments from the beginning of the chain. */
@Injectable()
export class AuditRetention {
  constructor(
    private readonly audit: AuditChain,
    private readonly chain: ChainRepository,
    private readonly reader: ChainReader,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Deletes audit events past their retention. Nothing is deleted while the setting is 0. */
  @MaintenanceJob({ id: 'audit', phase: 'retention', description: 'Deletes audit events past their retention.' })
  async pruneExpired({ settings: { auditRetentionDays: days } }: JobContext): Promise<number | null> {
    return days === 0 ? null : this.prune(days);
  }

  /**
   * Removes segments whose every event is older than `days`, one bounded batch a call, and leaves a signed tombstone;
   * returns how many events they had. Call again while it is not 0.
   * @throws Error when what is to be removed is not what was sealed: it may be the evidence of what happened
   */
  async prune(days: number): Promise<number> {
    await this.audit.sealNew();
    const before = toInstant(this.clock.secondsFromNow(-days * 86_400));
    return this.db.transaction((tx) => this.#bury(before, tx));
  }

  async #bury(before: string, tx: Tx): Promise<number> {
    await this.chain.lockChain(tx);
    const tombstone = await this.chain.tombstone(tx);
    const segments = await this.reader.slice(tombstone?.throughSequence ?? 0, {}, tx);
    const young = segments.findIndex(({ seal }) => seal.newestEventAt >= before);
    const old = young === -1 ? segments : segments.slice(0, young);
    if (old.length === 0) return 0;
    const verifier = new ChainVerifier(this.audit.signer);
    for (const part of [...(tombstone ? [{ tombstone }] : []), ...old]) refuse(verifier.accept(part));
    await this.chain.deleteThrough(makeTombstone(verifier.end, toInstant(this.clock.now()), this.audit.signer), tx);
    return verifier.checkedEvents;
  }
}

const refuse = (fault: AuditFault | null): void => {
  if (fault) throw new Error(`Retention removes nothing while the audit is not what was sealed: ${fault.message}`);
};

const BATCH = 200;
/** The largest sequence there can be. */
const PAST_ALL = 2_147_483_647;

/**
 * Signs anew what an older secret signed, once a newer one comes first, so that the older one can be given up. What no
 * known secret signed stays as it is: it proves nothing, and is not to.
 */
@Injectable()
export class SignatureRenewal {
  constructor(
    private readonly chain: ChainRepository,
    private readonly audit: AuditChain,
    private readonly db: Database,
  ) {}

  /** Newest first: when the oldest is signed with the first secret, all are. */
  async renew(): Promise<void> {
    const { signer } = this.audit;
    await this.db.transaction((tx) => this.#renewTombstone(tx));
    const oldest = await this.chain.oldestSignature();
    if (!oldest || signer.isCurrent(sealText(oldest.hash), oldest.signature)) return;
    let before: number | null = PAST_ALL;
    while (before !== null) {
      const from: number = before;
      before = await this.db.transaction((tx) => this.#renewBefore(from, tx));
    }
  }

  async #renewBefore(sequence: number, tx: Tx): Promise<number | null> {
    await this.chain.lockChain(tx);
    const seals = await this.chain.signaturesBefore(sequence, BATCH, tx);
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
    const { signer } = this.audit;
    return signer.verify(text, signature) && !signer.isCurrent(text, signature) ? signer.sign(text) : null;
  }
}
