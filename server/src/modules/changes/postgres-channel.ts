import type { Client } from 'pg';

/** A connection that takes longer is as good as none. */
const TIME_LIMIT_MS = 5_000;
/** How long a closing connection may take to say goodbye. */
const GOODBYE_MS = 1_000;

export interface ChannelOptions {
  readonly url: string;
  /** The channel's name, as it stands in SQL. */
  readonly name: string;
  /** How long the database may take to answer. */
  readonly timeLimitMs?: number;
  readonly onMessage: (text: string) => void;
}

/** A channel of PostgreSQL's notifications, on a connection of its own. One that is broken stays so: open another. */
export class NotificationChannel {
  /** Resolves once nothing more comes by this connection, with the reason if it broke. */
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

  /** Connects; what is sent from then on is heard. @throws when that does not succeed within the time limit */
  static async open({
    url,
    name,
    timeLimitMs = TIME_LIMIT_MS,
    onMessage,
  }: ChannelOptions): Promise<NotificationChannel> {
    // Where the database is a file, it is not loaded.
    const { default: pg } = await import('pg');
    const client = new pg.Client({
      connectionString: url,
      application_name: 'opstage-ce-changes',
      connectionTimeoutMillis: timeLimitMs,
      query_timeout: timeLimitMs,
      keepAlive: true,
    });
    const channel = new NotificationChannel(client, name);
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

  /** Sends messages in their order; all who listen hear them, this channel too. @throws when it is broken */
  async send(texts: readonly string[]): Promise<void> {
    const query = 'SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text';
    // One after the other: a client takes one query at a time.
    const sent = this.#sent.then(() => this.client.query(query, [this.name, texts]));
    this.#sent = sent.catch(() => undefined);
    await sent;
  }

  /** Gives the connection up, without a goodbye that may never be answered. */
  break(reason: Error): void {
    this.#end(reason);
    this.client.connection.stream.destroy();
  }

  /** Ends the connection; resolves when it has ended, or did not in time. */
  async close(): Promise<void> {
    const force = setTimeout(() => {
      this.break(new Error('The connection did not end in time.'));
    }, GOODBYE_MS);
    this.client.end().catch(() => undefined);
    await this.ended;
    clearTimeout(force);
  }
}
