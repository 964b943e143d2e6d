import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { ChangeTopic } from '#contracts';
import { ChangeFeed } from '../../changes/change-feed.js';
import { AuditChain, SignatureRenewal } from './audit-chain.service.js';

/** Time for more to come, so that they share a seal. */
const DELAY_MS = 1_000;

/** Seals what a start finds, and then each event about a second after it was written. */
@Injectable()
export class AuditSealer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(AuditSealer.name);
  #timer: NodeJS.Timeout | null = null;
  #sealing = Promise.resolve();
  readonly #stop = new AbortController();
  #unsubscribe = (): void => undefined;

  constructor(
    private readonly chain: AuditChain,
    private readonly renewal: SignatureRenewal,
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
    // A server that is told to stop does not wait for it.
    this.#timer.unref();
  }

  async #renew(): Promise<void> {
    try {
      await this.renewal.renew();
    } catch (error) {
      // The next start tries again.
      this.#logger.error(error);
    }
  }

  async #seal(): Promise<void> {
    try {
      await this.chain.sealNew({ stop: this.#stop.signal });
    } catch (error) {
      // They wait for the next event, or the next start.
      this.#logger.error(error);
    }
  }
}
