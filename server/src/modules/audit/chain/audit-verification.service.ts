import { Injectable, Logger } from '@nestjs/common';
import type { AuditEventId, AuditFault, AuditVerification } from '#contracts';
import { AuditChain } from './audit-chain.service.js';
import type { StoredHead } from './chain-head.js';
import { ChainReader } from './chain-reader.js';
import { ChainVerifier, moved } from './chain-verifier.js';
import { ChainRepository } from './chain.repository.js';
import { type ChainEnd, EMPTY_CHAIN } from './seal.js';

/** Proves the audit that is stored, or names the first thing in it that is not as it was sealed. */
@Injectable()
export class AuditVerificationService {
  readonly #logger = new Logger(AuditVerificationService.name);
  #running: Promise<AuditVerification> | null = null;

  constructor(
    private readonly audit: AuditChain,
    private readonly reader: ChainReader,
    private readonly chain: ChainRepository,
  ) {}

  /** Verifies the whole chain, a slice at a time; a call while one runs gets that one's answer. */
  verify(): Promise<AuditVerification> {
    this.#running ??= this.#verify().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #verify(): Promise<AuditVerification> {
    const verifier = new ChainVerifier(this.audit.signer);
    const fault = await this.#firstFault(verifier);
    if (fault) this.#logger.error({ fault }, 'The audit is not what was sealed.');
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
    // Before the chain: it only grows, so what the head says now is in what is read after.
    const head = await this.audit.head.read();
    let firstSequence: number | null = null;
    let atHead: string | null = null;
    for await (const part of this.reader.parts()) {
      const fault = verifier.accept(part);
      if (fault) return this.#elsewhere(fault);
      if ('seal' in part) firstSequence ??= part.seal.sequence;
      if (head.kind === 'head' && verifier.end.sequence === head.sequence) atHead = verifier.end.hash;
    }
    const stray = await this.chain.orphanedEvent(firstSequence ?? verifier.end.sequence + 1, verifier.end.sequence);
    if (stray) return strayFault(stray.event.id, stray.sealSequence ?? 0, verifier.end.sequence);
    return headFault(head, verifier.end, atHead);
  }

  /** An event that is gone from its segment may be in another one. */
  async #elsewhere(fault: AuditFault): Promise<AuditFault> {
    const { kind, eventId, segment } = fault;
    const isElsewhere = kind === 'missing' && eventId && (await this.chain.hasEvent(eventId));
    return isElsewhere && segment ? moved(eventId, segment) : fault;
  }
}

/** Under a seal after the last one, its seal was removed; before the first one, it should have gone with its segment. */
const strayFault = (eventId: AuditEventId, segment: number, last: number): AuditFault =>
  segment > last
    ? { kind: 'missing', segment, message: `The seal of segment ${segment} is gone; the events under it are there.` }
    : { kind: 'inserted', eventId, segment, message: `An event stands in segment ${segment}, which there is not.` };

/** What the head kept outside of the database has against a chain that is sound in itself. */
const headFault = (head: StoredHead, end: ChainEnd, atHead: string | null): AuditFault | null => {
  if (head.kind === 'none') return null;
  if (head.kind === 'forged') {
    return { kind: 'seal', message: 'The kept head of the chain is not signed with a secret of this installation.' };
  }
  if (head.sequence > end.sequence) {
    const message = `The audit ends with segment ${end.sequence}, but segment ${head.sequence} was sealed: its end was removed, or an older copy of the database was put back.`;
    return { kind: 'missing', segment: end.sequence + 1, message };
  }
  if (atHead === null || atHead === head.hash) return null;
  const message = `Segment ${head.sequence} is not the one that was sealed: the audit went on from an older copy of the database.`;
  return { kind: 'seal', segment: head.sequence, message };
};
