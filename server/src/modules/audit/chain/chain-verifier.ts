import type { AuditEvent, AuditFault, AuditSeal, AuditTombstone } from '#contracts';
import type { Signer } from '../../../common/crypto/signer.js';
import { compareSegment } from './compare-segment.js';
import { EMPTY_CHAIN, endAfter, endOf, sealHash, sealText, tombstoneText, type ChainEnd } from './seal.js';

/** A seal with the events that stand under it. */
export interface Segment {
  readonly seal: AuditSeal;
  readonly events: readonly AuditEvent[];
}

/** What a chain is made of, in its order: a tombstone stands where segments were removed. */
export type ChainPart = { readonly tombstone: AuditTombstone } | Segment;

const sealFault = (segment: number, message: string): AuditFault => ({ kind: 'seal', segment, message });

/** Follows a chain from its beginning and says where it is broken. */
export class ChainVerifier {
  checkedEvents = 0;
  checkedSegments = 0;
  removedByRetention = 0;
  end: ChainEnd = EMPTY_CHAIN;

  constructor(private readonly signer: Signer) {}

  /** Takes the next part; returns what is wrong with it, after which nothing more can be said. */
  accept(part: ChainPart): AuditFault | null {
    return 'tombstone' in part ? this.#skip(part.tombstone) : this.#check(part);
  }

  #skip(tombstone: AuditTombstone): AuditFault | null {
    if (!this.signer.verify(tombstoneText(tombstone), tombstone.signature)) {
      const message = 'What says that retention removed events is not signed with a secret of this installation.';
      return sealFault(tombstone.throughSequence, message);
    }
    this.removedByRetention = tombstone.throughPosition;
    this.end = endAfter(tombstone);
    return null;
  }

  #check({ seal, events }: Segment): AuditFault | null {
    const fault = this.#checkLink(seal) ?? checkSeal(seal, this.signer) ?? compareSegment(seal, events);
    if (fault) return fault;
    this.checkedEvents += events.length;
    this.checkedSegments += 1;
    this.end = endOf(seal);
    return null;
  }

  #checkLink(seal: AuditSeal): AuditFault | null {
    const expected = this.end.sequence + 1;
    if (seal.sequence > expected) {
      return { kind: 'missing', segment: expected, message: `Segment ${expected} is gone with its seal.` };
    }
    if (seal.sequence < expected) {
      return { kind: 'moved', segment: seal.sequence, message: `Segment ${seal.sequence} stands in the wrong place.` };
    }
    const isLinked = seal.previousHash === this.end.hash && seal.firstPosition === this.end.position + 1;
    return isLinked
      ? null
      : sealFault(expected, `The seal of segment ${expected} does not follow from the one before.`);
  }
}

/** Whether a seal is by itself what was sealed. */
export const checkSeal = (seal: AuditSeal, signer: Signer): AuditFault | null => {
  const { sequence, hash, signature } = seal;
  if (sealHash(seal) !== hash) return sealFault(sequence, `The seal of segment ${sequence} was changed.`);
  if (signer.verify(sealText(hash), signature)) return null;
  return sealFault(sequence, `The seal of segment ${sequence} is not signed with a secret of this installation.`);
};
