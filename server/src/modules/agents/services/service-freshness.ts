import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { CapsuleServiceId } from '#contracts';
import { WriteBehind } from '../../common/memory/write-behind.js';
import { Clock } from '../../common/time/clock.js';
import { CapsuleServicesRepository } from './capsule-services.repository.js';
import { StatusCutoffs } from './service-status.js';

/** Notes that services said again what is known of them. When is kept in memory and written once a second for all. */
@Injectable()
export class ServiceFreshness implements BeforeApplicationShutdown {
  readonly #logger = new Logger(ServiceFreshness.name);
  readonly #reported: WriteBehind<CapsuleServiceId>;

  constructor(
    services: CapsuleServicesRepository,
    private readonly cutoffs: StatusCutoffs,
    private readonly clock: Clock,
  ) {
    this.#reported = new WriteBehind(
      (instants) => services.noteReported(instants),
      (error) => {
        this.#logger.error(error);
      },
    );
  }

  async note(ids: readonly CapsuleServiceId[]): Promise<void> {
    const now = this.clock.now().getTime();
    const { reportCutoff } = this.cutoffs.parameters();
    // Back from a silence that shows: that is a change, and written at once.
    const isBack = ids
      .map((id) => this.#reported.note(id, now))
      .some((before) => before === null || before < reportCutoff);
    if (isBack) await this.flush();
  }

  /** Writes what is in memory; resolves when it is durable. Whoever judges silence calls it first. */
  flush(): Promise<void> {
    return this.#reported.flush();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush().catch((error: unknown) => {
      this.#logger.error(error);
    });
  }
}
