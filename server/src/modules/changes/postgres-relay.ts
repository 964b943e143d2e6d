import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Change } from '#contracts';
import { ChangeFeed } from './change-feed.js';
import { LastingChannel } from './lasting-channel.js';
import type { ChannelOptions } from './notification-channel.js';
import { changeTexts, gapText, helloText, parseMessage } from './relay-message.js';

const CHANNEL = 'opstage_changes';
const HELLO_MS = 10_000;
const SWEEP_MS = 60_000;

export interface RelayOptions extends Pick<ChannelOptions, 'url' | 'timeLimitMs'> {
  /** How often it says that it is there, which also shows whether the connection still carries anything. */
  readonly helloMs?: number;
  /** How often, about, it is looked for what was missed all the same: who dies after a commit tells nobody of it. */
  readonly sweepMs?: number;
}

/**
 * Carries changes between the replicas on one PostgreSQL: what this one announces goes out once it is committed (sent
 * within the transaction, it would make all commits wait for each other), what the others announce is told here. While
 * its connection is away nothing is kept; afterwards everybody, here and there, is told that something may have been
 * missed.
 */
export class PostgresChangeRelay implements OnApplicationShutdown {
  readonly #name = randomUUID();
  readonly #timers: NodeJS.Timeout[] = [];
  #channel: LastingChannel | null = null;
  #outbox: Change[] = [];
  #sending: Promise<void> | null = null;
  /** Another replica was heard of since the last sweep: alone, nothing is missed. */
  #hasCompany = false;

  private constructor(private readonly feed: ChangeFeed) {}

  /** Resolves when it listens: nothing that is read from then on changes unheard. @throws when it cannot connect */
  static async start(feed: ChangeFeed, options: RelayOptions): Promise<PostgresChangeRelay> {
    const relay = new PostgresChangeRelay(feed);
    relay.#channel = await LastingChannel.open({
      ...options,
      name: CHANNEL,
      onMessage: (text) => {
        relay.#hear(text);
      },
      onReopen: () => {
        feed.reportGap();
        void relay.#say(gapText(relay.#name));
      },
    });
    relay.#begin(options);
    return relay;
  }

  /** Sends what is still to be sent, and closes the connection. */
  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#sending;
    await this.#channel?.close();
  }

  #begin({ helloMs = HELLO_MS, sweepMs = SWEEP_MS }: RelayOptions): void {
    this.feed.relayBy((change) => {
      this.#outbox.push(change);
      this.#sending ??= this.#sendAll();
    });
    const greet = (): void => void this.#say(helloText(this.#name));
    greet();
    // Each replica at a pace of its own, so that they do not all read anew in the same moment.
    const pace = 0.75 + Math.random() / 2;
    const sweep = (): void => {
      this.#sweep();
    };
    this.#timers.push(setInterval(greet, helloMs).unref(), setInterval(sweep, sweepMs * pace).unref());
  }

  /** One message for all that happens in one turn of the loop, or while an earlier one is under way. */
  async #sendAll(): Promise<void> {
    await nextTurn();
    while (this.#outbox.length > 0) {
      const changes = this.#outbox;
      this.#outbox = [];
      await this.#say(...changeTexts(this.#name, changes));
    }
    this.#sending = null;
  }

  async #say(...texts: readonly string[]): Promise<void> {
    await this.#channel?.send(texts);
  }

  #hear(text: string): void {
    const message = parseMessage(text);
    if (!message || message.from === this.#name) return;
    this.#hasCompany = true;
    for (const change of message.changes) this.feed.receive(change);
    if (message.gap) this.feed.reportGap();
  }

  #sweep(): void {
    if (this.#hasCompany) this.feed.reportGap();
    this.#hasCompany = false;
  }
}
