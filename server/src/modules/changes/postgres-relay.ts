import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Change } from '#contracts';
import { ChangeFeed } from './change-feed.js';
import { type ChannelOptions, ReconnectingChannel } from './postgres-channel.js';

/** PostgreSQL refuses a payload of 8000 bytes. */
const MAX_BYTES = 7_900;
const COMMA = 1;

/** What one replica tells the others. */
export interface RelayMessage {
  /** Which replica says it. */
  readonly from: string;
  /** In the order in which they happened; none when it only says that it is there. */
  readonly changes: readonly Change[];
  /** It may have had more to say than it could. */
  readonly gap?: true;
}

/** Says that this replica is there. */
export const helloText = (from: string): string => toText({ from, changes: [] });

/** Says that the others may have missed something. */
export const gapText = (from: string): string => toText({ from, changes: [], gap: true });

/** As few messages as the changes fit into, in their order. */
export const changeTexts = (from: string, changes: readonly Change[]): readonly string[] => {
  const room = MAX_BYTES - Buffer.byteLength(helloText(from));
  const parts: Change[][] = [];
  let left = 0;
  for (const change of changes) {
    const size = Buffer.byteLength(JSON.stringify(change)) + COMMA;
    if (size > left) {
      parts.push([]);
      left = room;
    }
    parts.at(-1)?.push(change);
    left -= size;
  }
  return parts.map((part) => toText({ from, changes: part }));
};

/** What a message says; null when it is none. */
export const parseMessage = (text: string): RelayMessage | null => {
  try {
    const message = JSON.parse(text) as Partial<RelayMessage> | null;
    const isMessage = typeof message?.from === 'string' && Array.isArray(message.changes);
    return isMessage ? (message as RelayMessage) : null;
  } catch {
    // Anybody who may use the database may notify.
    return null;
  }
};

const toText = (message: RelayMessage): string => JSON.stringify(message);

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
export class PostgresRelay implements OnApplicationShutdown {
  readonly #name = randomUUID();
  readonly #timers: NodeJS.Timeout[] = [];
  #channel: ReconnectingChannel | null = null;
  #outbox: Change[] = [];
  #sending: Promise<void> | null = null;
  /** Another replica was heard of since the last sweep: alone, nothing is missed. */
  #hasCompany = false;

  private constructor(private readonly feed: ChangeFeed) {}

  /** Resolves when it listens: nothing that is read from then on changes unheard. @throws when it cannot connect */
  static async start(feed: ChangeFeed, options: RelayOptions): Promise<PostgresRelay> {
    const relay = new PostgresRelay(feed);
    relay.#channel = await ReconnectingChannel.open({
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
    this.feed.setRelay((change) => {
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
