import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Client } from 'pg';

/** A connection that takes longer counts as broken. */
const TIME_LIMIT_MS = 5_000;
/** How long the database may take to confirm the end of a connection. */
const CLOSE_MS = 1_000;

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

export interface ChannelOptions {
  readonly url: string;
  /** The channel's name, as written in SQL. */
  readonly name: string;
  /** How long the database may take to answer. */
  readonly timeLimitMs?: number;
  readonly onMessage: (text: string) => void;
}

interface ReconnectingChannelOptions extends ChannelOptions {
  /** Called when it is open again; messages sent in between are lost. */
  readonly onReopen: () => void;
}

/** A channel of PostgreSQL notifications on a connection of its own. A broken one stays broken: open another. */
class ListenNotifyChannel {
  /** Resolves when the connection has ended, with the reason if it broke. */
  readonly ended: Promise<Error | null>;
  readonly #end: (reason: Error | null) => void;
  #sent: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly client: Client,
    private readonly name: string,
  ) {
    const { promise, resolve } = Promise.withResolvers<Error | null>();
    this.ended = promise;
    this.#end = resolve;
    client.on('error', (error) => {
      this.break(error);
    });
    client.on('end', () => {
      this.#end(null);
    });
  }

  /** Connects; receives all messages sent from then on. @throws when that fails or exceeds the time limit */
  static async open({
    url,
    name,
    timeLimitMs = TIME_LIMIT_MS,
    onMessage,
  }: ChannelOptions): Promise<ListenNotifyChannel> {
    // Not loaded where the database is a file.
    const { default: pg } = await import('pg');
    const client = new pg.Client({
      connectionString: url,
      application_name: 'opstage-ce-changes',
      connectionTimeoutMillis: timeLimitMs,
      query_timeout: timeLimitMs,
      keepAlive: true,
    });
    const channel = new ListenNotifyChannel(client, name);
    client.on('notification', ({ payload }) => {
      onMessage(payload ?? '');
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${name}`);
      return channel;
    } catch (error) {
      channel.break(error as Error);
      throw error;
    }
  }

  /** Sends messages in their order to every listener, this channel included. @throws when it is broken */
  async send(texts: readonly string[]): Promise<void> {
    const query = 'SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text';
    // One after the other: a client takes one query at a time.
    const sent = this.#sent.then(() => this.client.query(query, [this.name, texts]));
    this.#sent = sent.catch(() => undefined);
    await sent;
  }

  /** Drops the connection without waiting for the database. */
  break(reason: Error): void {
    this.#end(reason);
    this.client.connection.stream.destroy();
  }

  /** Ends the connection; resolves when it has ended, or after a second. */
  async close(): Promise<void> {
    const force = setTimeout(() => {
      this.break(new Error('The connection did not end in time.'));
    }, CLOSE_MS);
    this.client.end().catch(() => undefined);
    await this.ended;
    clearTimeout(force);
  }
}

/** A {@link ListenNotifyChannel} that reopens whenever it breaks. */
export class ReconnectingChannel {
  readonly #logger = new Logger(ReconnectingChannel.name);
  readonly #closed = new AbortController();

  private constructor(
    private readonly options: ReconnectingChannelOptions,
    private channel: ListenNotifyChannel,
  ) {
    void this.#stayOpen();
  }

  /** @throws when it cannot be opened the first time */
  static async open(options: ReconnectingChannelOptions): Promise<ReconnectingChannel> {
    return new ReconnectingChannel(options, await ListenNotifyChannel.open(options));
  }

  /** Sends messages in their order, or loses them and reopens the channel; tells whether they were sent. */
  async send(texts: readonly string[]): Promise<boolean> {
    try {
      await this.channel.send(texts);
      return true;
    } catch (error) {
      this.channel.break(error as Error);
      return false;
    }
  }

  /** Replaces a connection that seems to work but does not. */
  reopen(reason: Error): void {
    this.channel.break(reason);
  }

  /** Closes the channel for good. */
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
        this.channel = await ListenNotifyChannel.open(this.options);
        return;
      } catch (error) {
        this.#logger.warn(error);
      }
      // Closing ends the wait.
      await delay(wait, undefined, { signal: this.#closed.signal }).catch(() => undefined);
    }
  }
}
