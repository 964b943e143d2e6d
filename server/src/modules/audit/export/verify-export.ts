import type { AuditEvent, AuditFault, AuditSeal, AuditVerification } from '#contracts';
import { Signer } from '../../../common/crypto/secret-box.js';
import { type ChainPart, ChainVerifier, checkSeal, compareFiltered, moved } from '../chain/chain-verifier.js';
import { AUDIT_CHAIN } from '../chain/seal.js';
import { endText, type ExportEnd, type ExportLine, LineDigest, readLines } from './jsonl.js';

/** The result of verifying an export. */
export interface ExportVerification extends AuditVerification {
  /**
   * Whether the export covers the whole audit. A filtered one proves that its events are genuine and that none was
   * removed from it, but not that there were no others.
   */
  readonly complete: boolean;
}

/**
 * Verifies a JSON Lines export with the session secrets of the installation it comes from, and names the first event
 * that does not match its seal. Holds one segment in memory.
 */
export const verifyExport = async (
  stream: AsyncIterable<string | Uint8Array>,
  secrets: readonly string[],
): Promise<ExportVerification> => {
  const verifier = new ExportVerifier(new Signer(secrets, AUDIT_CHAIN));
  for await (const line of readLines(stream)) verifier.accept(line);
  return verifier.result();
};

/** Checks an export line by line. After the first fault it only looks for a missing event further on. */
class ExportVerifier {
  readonly #digest = new LineDigest();
  readonly #chain: ChainVerifier;
  #fault: AuditFault | null = null;
  #complete: boolean | null = null;
  #segment: { readonly seal: AuditSeal; readonly events: AuditEvent[] } | null = null;
  #end: ExportEnd | null = null;
  #number = 0;
  #events = 0;
  #chosenSegments = 0;
  #lastSequence = 0;

  constructor(private readonly signer: Signer) {
    this.#chain = new ChainVerifier(signer);
  }

  accept(text: string): void {
    this.#number += 1;
    const line = parse(text);
    if (this.#fault) this.#findMissing(line);
    else if (!line) this.#fault = this.#lineFault('cannot be read');
    else if (this.#end) this.#fault = this.#lineFault('comes after the end of the export');
    else if ((line.kind === 'export') !== (this.#number === 1)) this.#fault = this.#lineFault('is out of place');
    else this.#tryTake(line, text);
  }

  result(): ExportVerification {
    this.#fault ??= this.#end ? null : (this.#closeSegment() ?? cutOff());
    const complete = this.#complete ?? false;
    return {
      valid: this.#fault === null,
      complete,
      checkedEvents: complete ? this.#chain.checkedEvents : this.#events,
      checkedSegments: complete ? this.#chain.checkedSegments : this.#chosenSegments,
      unsealedEvents: 0,
      removedByRetention: this.#chain.removedByRetention,
      root: this.#end?.root ?? null,
      firstBad: this.#fault,
    };
  }

  #tryTake(line: ExportLine, text: string): void {
    try {
      this.#take(line, text);
    } catch {
      // A foreign line may lack the fields we read.
      this.#fault = this.#lineFault('is not a line of an audit export');
    }
  }

  #take(line: ExportLine, text: string): void {
    if (line.kind === 'event') {
      if (this.#segment) this.#segment.events.push(line.event);
      else this.#fault = this.#lineFault('has an event without a segment');
    } else {
      this.#fault = this.#closeSegment();
      if (!this.#fault) this.#begin(line);
    }
    this.#digest.add(`${text}\n`);
  }

  #begin(line: Exclude<ExportLine, { readonly kind: 'event' }>): void {
    if (line.kind === 'export') this.#complete = Object.keys(line.filter).length === 0;
    else if (line.kind === 'tombstone') this.#fault = this.#chain.accept({ tombstone: line });
    else if (line.kind === 'seal') this.#segment = { seal: line, events: [] };
    else this.#fault = this.#close(line);
  }

  #closeSegment(): AuditFault | null {
    const segment = this.#segment;
    if (!segment) return null;
    this.#segment = null;
    return this.#complete ? this.#chain.accept(segment) : this.#checkChosen(segment);
  }

  #checkChosen({ seal, events }: Exclude<ChainPart, { readonly tombstone: unknown }>): AuditFault | null {
    const fault = checkSeal(seal, this.signer) ?? compareFiltered(seal, events);
    if (fault) return fault;
    if (seal.sequence <= this.#lastSequence) return this.#lineFault('follows a segment in the wrong place', 'moved');
    this.#lastSequence = seal.sequence;
    this.#chosenSegments += 1;
    this.#events += events.length;
    return null;
  }

  /** The signature covers every line, so it also catches what the seals cannot: a cut-off end, or omitted events. */
  #close(end: ExportEnd): AuditFault | null {
    this.#end = end;
    if (!this.signer.verify(endText(end), end.signature)) {
      return {
        kind: 'seal',
        message: 'The signature at the end of the export was not made with a secret of this installation.',
      };
    }
    const unannounced = this.#complete ? this.#chain.finish() : null;
    if (unannounced) return unannounced;
    const events = this.#complete ? this.#chain.checkedEvents : this.#events;
    if (events < end.events) return { kind: 'missing', message: `Only ${events} of ${end.events} events are left.` };
    if (this.#digest.value() === end.digest) return null;
    return {
      kind: 'changed',
      message: 'The export was changed after it was written; the sealed events in it are intact.',
    };
  }

  #findMissing(line: ExportLine | null): void {
    const { kind, eventId, segment } = this.#fault ?? {};
    if (kind !== 'missing' || !eventId || !segment || line?.kind !== 'event' || line.event.id !== eventId) return;
    this.#fault = moved(eventId, segment);
  }

  #lineFault(what: string, kind: AuditFault['kind'] = 'changed'): AuditFault {
    return { kind, message: `Line ${this.#number} ${what}.` };
  }
}

const cutOff = (): AuditFault => ({ kind: 'missing', message: 'The end of the export is missing.' });

const parse = (text: string): ExportLine | null => {
  try {
    return JSON.parse(text) as ExportLine;
  } catch {
    // The caller reports the line.
    return null;
  }
};
