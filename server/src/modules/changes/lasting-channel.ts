import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { NotificationChannel, type ChannelOptions } from './notification-channel.js';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

interface LastingChannelOptions extends ChannelOptions {
  /** It is open again after it was broken; what was sent meanwhile, by whomever, is lost. */
  readonly onReopen: () => void;
}

/** A {@link NotificationChannel} that opens itself anew whenever it breaks. */
export class LastingChannel {
  readonly #logger = new Logger(LastingChannel.name);
  readonly #closed = new AbortController();

  private constructor(
    private readonly options: LastingChannelOptions,
    private channel: NotificationChannel,
  ) {
    void this.#stayOpen();
  }

  /** @throws when it cannot be opened this first time */
  static async open(options: LastingChannelOptions): Promise<LastingChannel> {
    return new LastingChannel(options, await NotificationChannel.open(options));
  }

  /** Sends messages in their order, or loses them: then the channel is opened anew. */
  async send(texts: readonly string[]): Promise<void> {
    try {
      await this.channel.send(texts);
    } catch (error) {
      this.channel.break(error as Error);
    }
  }

  /** From now on it stays closed. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.channel.close();
  }

  #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  async #stayOpen(): Promise<void> {
    for (;;) {
      const reason = await this.channel.ended;
      if (this.#isClosed()) return;
      this.#logger.warn(reason, 'The connection for changes of other replicas broke.');
      await this.#reopen();
      if (this.#isClosed()) await this.channel.close();
      else this.options.onReopen();
    }
  }

  async #reopen(): Promise<void> {
    for (let wait = FIRST_RETRY_MS; !this.#isClosed(); wait = Math.min(2 * wait, LAST_RETRY_MS)) {
      try {
        this.channel = await NotificationChannel.open(this.options);
        return;
      } catch (error) {
        this.#logger.warn(error);
      }
      // Closing cuts it short.
      await delay(wait, undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
  }
}
