import { Injectable } from '@nestjs/common';
import type { AuditFault } from '#contracts';
import { SYSTEM } from '../../../common/actor.js';
import { Clock, toInstant } from '../../../common/clock.js';
import { type JobContext, MaintenanceJob } from '../../../common/maintenance-job.js';
import { AppConfig } from '../../../config/app-config.js';
import { Database } from '../../../database/database.js';
import type { Tx } from '../../../database/tx.js';
import { WORKSPACE } from '../audit-record.js';
import { AuditService } from '../audit.service.js';
import { AuditChainService } from './audit-chain.service.js';
import { ChainReader } from './chain-reader.js';
import { ChainVerifier, checkSeal, compareSegment, type Segment } from './chain-verifier.js';
import { ChainRepository, type SealAge } from './chain.repository.js';
import { type Announcement, makeTombstone } from './seal.js';

const DAY_MS = 86_400_000;
/** Segments that one announcement covers at most. */
const MAX_ANNOUNCED = 1_000;

/** The segments that may be deleted, all of them older than `days`. */
interface Expired {
  readonly days: number;
  readonly fromSegment: number;
  readonly throughSegment: number;
  readonly throughPosition: number;
  readonly events: number;
  readonly newestEventAt: string;
}

/** Deletes the oldest segments of the audit, after saying so in the audit itself. */
@Injectable()
export class AuditRetentionService {
  /** What was announced and is not deleted completely. */
  #announced: (Announcement & Expired) | null = null;

  constructor(
    private readonly audit: AuditChainService,
    private readonly chain: ChainRepository,
    private readonly reader: ChainReader,
    private readonly events: AuditService,
    private readonly db: Database,
    private readonly config: AppConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes audit events past their retention; null while the setting is 0, which keeps everything.
   * @throws Error for a retention that nobody announced: a stored setting alone must not bury the audit
   */
  @MaintenanceJob({ id: 'audit', phase: 'retention', description: 'Deletes audit events past their retention.' })
  async pruneExpired({ settings: { auditRetentionDays: days } }: JobContext): Promise<number | null> {
    if (days === 0) return null;
    await this.audit.sealNew();
    await this.#requireAnnounced(days);
    return this.prune(days);
  }

  /**
   * Deletes one batch of the oldest segments whose events are all older than `days`, leaves a signed tombstone, and
   * returns how many events that were. An event of the audit announces the whole range first. Call again while it is not 0.
   * @throws Error when those segments do not match their seals: they may be evidence of tampering
   */
  async prune(days: number): Promise<number> {
    await this.audit.sealNew();
    const announced = await this.#announce(days);
    if (!announced) return 0;
    // The event is part of the chain before anything it speaks of is gone.
    await this.audit.sealNew();
    return this.db.transaction((tx) => this.#bury(announced, tx));
  }

  /** The environment is the operator's word; anything shorter must have been announced in the chain. */
  async #requireAnnounced(days: number): Promise<void> {
    const configured = this.config.auditRetentionDays;
    if (configured > 0 && configured <= days) return;
    const announced = await this.#announcedDays();
    if (announced !== null && announced > 0 && announced <= days) return;
    throw new Error(
      'Retention deletes nothing: the stored number of days is shorter than the audit itself knows. Set it again in the settings.',
    );
  }

  /** The days of the newest change of the settings that is sealed and unchanged, else of the last removal. */
  async #announcedDays(): Promise<number | null> {
    const change = await this.chain.newestSealed('settings.maintenance.updated');
    const sequence = change?.sealSequence ?? null;
    if (!change || sequence === null) return (await this.chain.tombstone())?.days ?? null;
    const [segment] = await this.reader.slice(sequence - 1, {});
    if (segment?.seal.sequence !== sequence || this.#faultOf(segment)) return null;
    const { after } = change.event.metadata as { readonly after?: { readonly auditRetentionDays?: unknown } };
    const days = after?.auditRetentionDays;
    return typeof days === 'number' ? days : null;
  }

  #faultOf({ seal, events }: Segment): AuditFault | null {
    return checkSeal(seal, this.audit.signer) ?? compareSegment(seal, events);
  }

  /** The announcement of what is expired, unless an open one already covers it; null when nothing is. */
  #announce(days: number): Promise<(Announcement & Expired) | null> {
    return this.db.transaction(async (tx) => {
      await this.chain.lockChain(tx);
      const expired = await this.#expired(days, tx);
      if (!expired) return null;
      const open = this.#announced;
      if (open?.days === days && open.throughSegment >= expired.fromSegment) return open;
      const announcedBy = await this.events.append(tx, {
        actor: SYSTEM,
        action: 'audit.retention.announced',
        target: WORKSPACE,
        message: `The audit deletes ${expired.events} events older than ${days} days.`,
        metadata: expired,
      });
      const announced = { ...expired, announcedBy };
      tx.afterCommit(() => {
        this.#announced = announced;
      });
      return announced;
    });
  }

  async #expired(days: number, tx: Tx): Promise<Expired | null> {
    const [tombstone, newest] = [await this.chain.tombstone(tx), await this.chain.newestSeal(tx)];
    if (!newest) return null;
    // The chain's own time counts where the clock is ahead of it.
    const now = Math.min(this.clock.now().getTime(), Date.parse(newest.sealedAt));
    const before = now - days * DAY_MS;
    const ages = await this.chain.ages(tombstone?.throughSequence ?? 0, MAX_ANNOUNCED, tx);
    const young = ages.findIndex(({ newestEventAt }) => Number(newestEventAt) >= before);
    return describe(days, young === -1 ? ages : ages.slice(0, young));
  }

  async #bury(announced: Announcement & Expired, tx: Tx): Promise<number> {
    await this.chain.lockChain(tx);
    const tombstone = await this.chain.tombstone(tx);
    const segments = await this.reader.slice(tombstone?.throughSequence ?? 0, {}, tx);
    const old = segments.filter(({ seal }) => seal.sequence <= announced.throughSegment);
    if (old.length === 0) return 0;
    const verifier = new ChainVerifier(this.audit.signer);
    for (const part of [...(tombstone ? [{ tombstone }] : []), ...old]) assertSound(verifier.accept(part));
    const removedAt = toInstant(this.clock.now());
    await this.chain.deleteThrough(makeTombstone(verifier.end, removedAt, announced, this.audit.signer), tx);
    return verifier.checkedEvents;
  }
}

const describe = (days: number, ages: readonly SealAge[]): Expired | null => {
  const [first, last] = [ages[0], ages.at(-1)];
  if (!first || !last) return null;
  const throughPosition = Number(last.firstPosition) + last.eventCount - 1;
  return {
    days,
    fromSegment: first.sequence,
    throughSegment: last.sequence,
    throughPosition,
    events: throughPosition - Number(first.firstPosition) + 1,
    newestEventAt: toInstant(new Date(Math.max(...ages.map(({ newestEventAt }) => Number(newestEventAt))))),
  };
};

const assertSound = (fault: AuditFault | null): void => {
  if (fault) throw new Error(`Retention deletes nothing while the audit does not match its seals: ${fault.message}`);
};
