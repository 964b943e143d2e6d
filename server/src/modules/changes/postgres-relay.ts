import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Change } from '#contracts';
import { ChangeFeed } from './change-feed.js';
import { type ChannelOptions, ReconnectingChannel } from './postgres-channel.js';

/** PostgreSQL refuses a payload of 8000 bytes. */
const MAX_BYTES = 7_900;
const COMMA = 1;

/** The channel's name, as written in SQL. */
export const CHANNEL = 'opstage_changes';
const HEARTBEAT_MS = 10_000;
const SWEEP_MS = 60_000;
/** How long a message may take back to its sender. */
const ECHO_MS = 5_000;
/** How often a replica that does not hear the others looks for their changes. */
const LOOK_MS = 2_000;

const NOT_HEARD =
  'This server does not receive PostgreSQL notifications, as happens behind a connection pooler in transaction mode: connect it to the database directly (DATABASE_URL), or through a pooler in session mode.';

/** What one replica sends to the others. */
export interface RelayMessage {
  /** The replica that sent it. */
  readonly from: string;
  /** In the order in which they happened; empty in a heartbeat. */
  readonly changes: readonly Change[];
  /** The sender may have lost changes. */
  readonly gap?: true;
}

export interface RelayOptions extends Pick<ChannelOptions, 'url' | 'timeLimitMs'> {
  /** Sends a message to every listener over another connection than the one that listens. Default: over that one. */
  readonly notify?: (text: string) => Promise<void>;
  /** How often it sends a heartbeat, which also shows whether the connection still works. */
  readonly heartbeatMs?: number;
  /** About how often a gap is assumed anyway: a replica that dies after a commit reports nothing. */
  readonly sweepMs?: number;
  /** How long a heartbeat may take back to its sender. */
  readonly echoMs?: number;
}

/**
 * Carries changes between the replicas on one PostgreSQL. Sends changes of this replica after their commit (within the
 * transaction, they would make all commits wait for each other) and publishes those of the others here. Changes made while
 * the connection is down are lost; once it is back, every replica reports a gap.
 *
 * PostgreSQL delivers a notification to its sender too, so a replica that does not hear its own heartbeats hears nobody: that is
 * so behind a connection pooler that gives each transaction another connection. It then looks for changes every two seconds.
 */
export class PostgresRelay implements OnApplicationShutdown {
  readonly #logger = new Logger(PostgresRelay.name);
  readonly #name = randomUUID();
  readonly #timers: NodeJS.Timeout[] = [];
  #channel: ReconnectingChannel | null = null;
  #outbox: Change[] = [];
  #sending: Promise<void> | null = null;
  /** Whether another replica sent anything since the last sweep: a single replica misses nothing. */
  #hasPeers = false;
  #echo = Promise.withResolvers<boolean>();
  #isBeating = false;

  private constructor(
    private readonly feed: ChangeFeed,
    private readonly options: RelayOptions,
  ) {}

  /** Resolves when it listens: changes of anything read from then on are not missed. @throws when it cannot connect */
  static async start(feed: ChangeFeed, options: RelayOptions): Promise<PostgresRelay> {
    const relay = new PostgresRelay(feed, options);
    relay.#channel = await ReconnectingChannel.open({
      ...options,
      name: CHANNEL,
      onMessage: (text) => {
        relay.#receive(text);
      },
      onReopen: () => {
        feed.reportGap();
        void relay.#send(gapText(relay.#name));
      },
    });
    relay.#begin();
    await relay.#beat();
    return relay;
  }

  /** Sends what is pending and closes the connection. */
  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#sending;
    await this.#channel?.close();
  }

  #begin(): void {
    const { heartbeatMs = HEARTBEAT_MS, sweepMs = SWEEP_MS } = this.options;
    this.feed.setRelay((change) => {
      this.#outbox.push(change);
      this.#sending ??= this.#sendAll();
    });
    const beat = (): void => void this.#beat();
    const look = (): void => {
      if (!this.feed.hearsReplicas) this.feed.reportGap();
    };
    // At a different pace on each replica, so that they do not all reload at the same moment.
    const pace = 0.75 + Math.random() / 2;
    const sweep = (): void => {
      this.#sweep();
    };
    for (const [work, everyMs] of [
      [beat, heartbeatMs],
      [sweep, sweepMs * pace],
      [look, LOOK_MS],
    ] as const) {
      this.#timers.push(setInterval(work, everyMs).unref());
    }
  }

  /** Sends a heartbeat, and settles when it came back or when that took too long. */
  async #beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    this.#echo = Promise.withResolvers();
    if (await this.#sendHeartbeat()) {
      const isLate = new AbortController();
      const late = delay(this.options.echoMs ?? ECHO_MS, false, { signal: isLate.signal, ref: false }).catch(
        () => false,
      );
      this.#setHears(await Promise.race([this.#echo.promise, late]));
      isLate.abort();
    }
    this.#isBeating = false;
  }

  /** Tells whether it was sent. */
  async #sendHeartbeat(): Promise<boolean> {
    const text = heartbeatText(this.#name);
    const isSent = await this.#send(text);
    const { notify } = this.options;
    if (!isSent || !notify) return isSent;
    // What came back over its own connection shows nothing.
    this.#echo = Promise.withResolvers();
    return notify(text).then(
      () => true,
      () => false,
    );
  }

  #setHears(hears: boolean): void {
    if (hears === this.feed.hearsReplicas) return;
    this.feed.setHearsReplicas(hears);
    if (hears) this.#logger.log('Changes of other replicas arrive again.');
    else {
      this.#logger.warn(`${NOT_HEARD} It now looks for changes every ${LOOK_MS / 1_000} seconds.`);
      this.#channel?.reopen(new Error('Notifications do not arrive.'));
    }
    this.feed.reportGap();
  }

  /** Sends one message for all changes of one turn of the event loop, or of the time an earlier message takes. */
  async #sendAll(): Promise<void> {
    await nextTurn();
    while (this.#outbox.length > 0) {
      const changes = this.#outbox;
      this.#outbox = [];
      await this.#send(...changeTexts(this.#name, changes));
    }
    this.#sending = null;
  }

  async #send(...texts: readonly string[]): Promise<boolean> {
    return (await this.#channel?.send(texts)) ?? false;
  }

  #receive(text: string): void {
    const message = parseMessage(text);
    if (message?.from === this.#name) this.#echo.resolve(true);
    if (!message || message.from === this.#name) return;
    this.#hasPeers = true;
    for (const change of message.changes) this.feed.receive(change);
    if (message.gap) this.feed.reportGap();
  }

  #sweep(): void {
    if (this.#hasPeers) this.feed.reportGap();
    this.#hasPeers = false;
  }
}

/** Tells the others that this replica is alive. */
export const heartbeatText = (from: string): string => toText({ from, changes: [] });

/** Tells the others that they may have missed changes. */
export const gapText = (from: string): string => toText({ from, changes: [], gap: true });

/** The changes in their order, in as few messages as possible. */
export const changeTexts = (from: string, changes: readonly Change[]): readonly string[] => {
  const room = MAX_BYTES - Buffer.byteLength(heartbeatText(from));
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

/** The content of a message; null when it is not one of ours. */
export const parseMessage = (text: string): RelayMessage | null => {
  try {
    const message = JSON.parse(text) as Partial<RelayMessage> | null;
    const isMessage = typeof message?.from === 'string' && Array.isArray(message.changes);
    return isMessage ? (message as RelayMessage) : null;
  } catch {
    // Any client of the database can notify.
    return null;
  }
};

const toText = (message: RelayMessage): string => JSON.stringify(message);
