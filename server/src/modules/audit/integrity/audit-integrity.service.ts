import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { AuditFault, AuditVerification } from '#contracts';
import { SYSTEM } from '../../../common/actor.js';
import { secondsAfter } from '../../../common/clock.js';
import { type BatchResult, MaintenanceJob } from '../../../common/maintenance-job.js';
import { Database } from '../../../database/database.js';
import { LeasesStore } from '../../../database/leases/leases.store.js';
import { WORKSPACE } from '../audit-record.js';
import { AuditService } from '../audit.service.js';
import { AuditVerificationService } from '../chain/audit-verification.service.js';

/** The job's id, which is also the name of its lease. */
export const VERIFICATION_JOB = 'audit-verification';

const DAY_SECONDS = 86_400;
/** Reading a long audit takes a while. */
const TIME_LIMIT_SECONDS = 7_200;

/** What asked for the verification. */
type FoundBy = 'start' | 'schedule' | 'request';

/** Notices a broken audit without being asked: the end of the chain at each start, the whole chain once a day. */
@Injectable()
export class AuditIntegrityService implements OnApplicationBootstrap {
  readonly #logger = new Logger(AuditIntegrityService.name);
  #fault: AuditFault | null = null;
  /** A verification contradicted the last recorded run of the job. */
  #isOutdated = false;
  #checking: Promise<void> = Promise.resolve();

  constructor(
    private readonly verification: AuditVerificationService,
    private readonly events: AuditService,
    private readonly db: Database,
    private readonly leases: LeasesStore,
  ) {}

  /** What this server found last; null when the audit was sound, or has not been verified. */
  get fault(): AuditFault | null {
    return this.#fault;
  }

  /** Does not delay the start, and does not fail it: without a server nobody could look at the audit. */
  onApplicationBootstrap(): void {
    this.#checking = this.#checkEnd();
  }

  /** Waits for the check of the start. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.#checking;
  }

  /** Verifies the whole chain on request. */
  async verify(): Promise<AuditVerification> {
    const verified = await this.verification.verify();
    const hadFault = this.#fault !== null;
    await this.#note(verified.firstBad, 'request');
    // The recorded failure of the job must not outlive its cause by a day.
    if (hadFault || verified.firstBad) this.#isOutdated = true;
    return verified;
  }

  /**
   * Verifies the whole chain once a day, beside the other jobs.
   * @throws Error when the audit does not match its seals; the failed job is what other replicas see
   */
  @MaintenanceJob<AuditIntegrityService>({
    id: 'audit-verification',
    phase: 'space',
    description: 'Verifies the whole audit against its seals, once a day.',
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    lease: 'audit-verification',
    nextDueAt: (integrity) => integrity.nextDueAt(),
  })
  async verifyDaily(): Promise<BatchResult> {
    this.#isOutdated = false;
    const { firstBad } = await this.verification.verify();
    await this.#note(firstBad, 'schedule');
    if (firstBad) throw new Error(`The audit does not match its seals. ${firstBad.message}`);
    return { count: 0 };
  }

  /** When the next daily verification is due; in the past when none is recorded, or the record is no longer true. */
  async nextDueAt(): Promise<Date> {
    const lease = await this.leases.find(VERIFICATION_JOB);
    return lease && !this.#isOutdated ? secondsAfter(lease.takenAt, DAY_SECONDS) : new Date(0);
  }

  async #checkEnd(): Promise<void> {
    try {
      await this.#note(await this.verification.checkEnd(), 'start');
    } catch (error) {
      // The daily verification tries again.
      this.#logger.error(error);
    }
  }

  /** The same fault is audited once per server and start. */
  async #note(fault: AuditFault | null, foundBy: FoundBy): Promise<void> {
    const isKnown = fault === null || fault.message === this.#fault?.message;
    this.#fault = fault;
    if (isKnown) return;
    const { kind, eventId = null, segment = null, message } = fault;
    await this.db.transaction((tx) =>
      this.events.record(tx, {
        actor: SYSTEM,
        action: 'audit.verification.failed',
        target: WORKSPACE,
        result: 'FAILURE',
        message: `The audit does not match its seals. ${message}`,
        metadata: { kind, eventId, segment, foundBy },
      }),
    );
  }
}
