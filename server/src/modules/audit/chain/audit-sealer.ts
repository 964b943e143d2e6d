import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ChangeTopic } from '#contracts';
import { ChangeFeed } from '../../changes/change-feed.js';
import { AuditChainService } from './audit-chain.service.js';

/** Lets events that arrive together share a seal. */
const DELAY_MS = 1_000;

/** Seals unsealed events at startup, and each new event about a second after it is written. */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(AuditSealer.name);
  #timer: NodeJS.Timeout | null = null;
  #sealing = Promise.resolve();
  readonly #stop = new AbortController();
  #unsubscribe = (): void => undefined;

  constructor(
    private readonly chain: AuditChainService,
    private readonly changes: ChangeFeed,
  ) {}

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.changes.on(ChangeTopic.AUDIT, () => {
      this.#sealSoon();
    });
    this.#sealing = this.#renew();
    this.#sealSoon();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    this.#unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
    await this.#sealing;
  }

  #sealSoon(): void {
    if (this.#stop.signal.aborted || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#sealing = this.#sealing.then(() => this.#seal());
    }, DELAY_MS);
    // A pending timer must not delay shutdown.
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    try {
      await this.chain.renewSignatures();
    } catch (error) {
      // The next start retries.
      this.#logger.error(error);
    }
  }

  async #seal(): Promise<void> {
    try {
      await this.chain.sealNew({ stop: this.#stop.signal });
    } catch (error) {
      // The next event, or the next start, retries.
      this.#logger.error(error);
    }
  }
}
