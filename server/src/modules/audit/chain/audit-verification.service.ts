import { Injectable, Logger } from '@nestjs/common';
import type { AuditEventId, AuditFault, AuditVerification } from '#contracts';
import { AuditChainService } from './audit-chain.service.js';
import type { StoredHead } from './chain-head.js';
import { ChainReader } from './chain-reader.js';
import { ChainVerifier, checkSeal, compareSegment, moved } from './chain-verifier.js';
import { ChainRepository } from './chain.repository.js';
import { type ChainEnd, EMPTY_CHAIN } from './seal.js';

/** How many segments the check of the end reads at most. */
const NEWEST_SEGMENTS = 5;

/** Verifies the stored audit, or names the first thing that does not match its seal. */
@Injectable()
export class AuditVerificationService {
  readonly #logger = new Logger(AuditVerificationService.name);
  #running: Promise<AuditVerification> | null = null;

  constructor(
    private readonly audit: AuditChainService,
    private readonly reader: ChainReader,
    private readonly chain: ChainRepository,
  ) {}

  /** Verifies the whole chain, a slice at a time. Concurrent calls share one run. */
  verify(): Promise<AuditVerification> {
    this.#running ??= this.#verify().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** A quick look at the end of the chain: the stored head, the newest segments, and objects that are not ours. */
  async checkEnd(): Promise<AuditFault | null> {
    const head = await this.audit.head.read();
    const end = await this.audit.end();
    const segments = await this.reader.slice(Math.max(0, end.sequence - NEWEST_SEGMENTS), {});
    for (const { seal, events } of segments) {
      const fault = checkSeal(seal, this.audit.signer) ?? compareSegment(seal, events);
      if (fault) return fault;
    }
    const atHead = head.kind === 'head' ? await this.audit.hashAt(head.sequence) : null;
    return headFault(head, end, atHead) ?? this.#objectFault();
  }

  async #objectFault(): Promise<AuditFault | null> {
    const objects = await this.chain.foreignObjects();
    if (objects.length === 0) return null;
    const message = `The database has objects that Opstage CE did not create and that could silence the audit: ${objects.join(', ')}.`;
    return { kind: 'object', message };
  }

  async #verify(): Promise<AuditVerification> {
    const verifier = new ChainVerifier(this.audit.signer);
    const fault = await this.#firstFault(verifier);
    if (fault) this.#logger.error({ fault }, 'The audit does not match its seals.');
    return {
      valid: fault === null,
      checkedEvents: verifier.checkedEvents,
      checkedSegments: verifier.checkedSegments,
      unsealedEvents: await this.chain.countUnsealed(),
      removedByRetention: verifier.removedByRetention,
      root: verifier.end === EMPTY_CHAIN ? null : verifier.end.hash,
      firstBad: fault,
    };
  }

  async #firstFault(verifier: ChainVerifier): Promise<AuditFault | null> {
    // Read before the chain: the chain only grows, so the seal the head names is read afterwards.
    const head = await this.audit.head.read();
    let firstSequence: number | null = null;
    let atHead: string | null = null;
    for await (const part of this.reader.parts()) {
      const fault = verifier.accept(part);
      if (fault) return this.#orMoved(fault);
      if ('seal' in part) firstSequence ??= part.seal.sequence;
      if (head.kind === 'head' && verifier.end.sequence === head.sequence) atHead = verifier.end.hash;
    }
    const unannounced = verifier.finish();
    if (unannounced) return unannounced;
    const orphan = await this.chain.orphanedEvent(firstSequence ?? verifier.end.sequence + 1, verifier.end.sequence);
    if (orphan) return orphanFault(orphan.event.id, orphan.sealSequence ?? 0, verifier.end.sequence);
    return headFault(head, verifier.end, atHead) ?? this.#objectFault();
  }

  /** An event missing from its segment may be in another one. */
  async #orMoved(fault: AuditFault): Promise<AuditFault> {
    const { kind, eventId, segment } = fault;
    const isStored = kind === 'missing' && eventId && (await this.chain.hasEvent(eventId));
    return isStored && segment ? moved(eventId, segment) : fault;
  }
}

/** After the last seal, its seal was removed; before the first, the event should have been deleted with its segment. */
const orphanFault = (eventId: AuditEventId, segment: number, last: number): AuditFault =>
  segment > last
    ? { kind: 'missing', segment, message: `The seal of segment ${segment} is missing, but its events are there.` }
    : { kind: 'inserted', eventId, segment, message: `An event refers to segment ${segment}, which does not exist.` };

/** Where the head stored outside the database contradicts a chain that is consistent in itself. */
const headFault = (head: StoredHead, end: ChainEnd, atHead: string | null): AuditFault | null => {
  if (head.kind === 'none') return null;
  if (head.kind === 'forged') {
    return { kind: 'seal', message: 'The stored head of the chain is not signed with a secret of this installation.' };
  }
  if (head.sequence > end.sequence) {
    const message = `The audit ends with segment ${end.sequence}, but segment ${head.sequence} was sealed: its end was removed, or an older copy of the database was restored.`;
    return { kind: 'missing', segment: end.sequence + 1, message };
  }
  if (atHead === head.hash) return null;
  if (atHead === null) {
    const message = `Retention has removed segment ${head.sequence} without this server having seen it in the chain: the audit may have continued from an older copy of the database.`;
    return { kind: 'seal', segment: head.sequence, message };
  }
  const message = `Segment ${head.sequence} is not the one that was sealed: the audit continued from an older copy of the database.`;
  return { kind: 'seal', segment: head.sequence, message };
};
