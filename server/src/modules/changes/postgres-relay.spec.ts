import { Client } from 'pg';
import type { Change } from '#contracts';
import { eventually } from '#testing';
import { cutRelays } from '../../../test/support/cut-relays.js';
import { TcpRelay } from '../../../test/support/tcp-relay.js';
import { type TestDatabase, createTestDatabase } from '../../../test/support/test-database.js';
import { Tx } from '../../database/tx.js';
import { ChangeFeed } from './change-feed.js';
import {
  PostgresRelay,
  type RelayOptions,
  changeTexts,
  gapText,
  heartbeatText,
  parseMessage,
} from './postgres-relay.js';

const change = (id: string): Change => ({ topic: 'command', id, action: 'command.created', agentId: 'agt_1' });
const read = (texts: readonly string[]): readonly Change[] =>
  texts.flatMap((text) => parseMessage(text)?.changes ?? []);

describe('messages between replicas', () => {
  it('carry changes in order, as few messages as possible and none too long for PostgreSQL', () => {
    const changes = Array.from({ length: 500 }, (_, i) => change(`cmd_${i}_ü`));
    const texts = changeTexts('one', changes);
    expect(read(texts)).toEqual(changes);
    const sizes = texts.map((text) => Buffer.byteLength(text));
    expect(Math.max(...sizes)).toBeLessThan(8_000);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(7_500);
  });

  it('are not sent without changes', () => {
    expect(changeTexts('one', [])).toEqual([]);
  });

  it('name their sender, and carry heartbeats and gaps', () => {
    expect(parseMessage(heartbeatText('one'))).toEqual({ from: 'one', changes: [] });
    expect(parseMessage(gapText('one'))).toEqual({ from: 'one', changes: [], gap: true });
  });

  it.each(['', 'hello', 'null', '1', '[]', '{}', '{"from":1,"changes":[]}', '{"from":"one"}'])(
    'are ignored when another client sent them: %s',
    (text) => {
      expect(parseMessage(text)).toBeNull();
    },
  );
});

/** The parts of a replica that handle changes: its feed, the changes it received, and its relay. */
class Replica {
  readonly feed = new ChangeFeed();
  readonly received: Change[] = [];
  gaps = 0;
  #relay: PostgresRelay | null = null;

  static async start(options: RelayOptions): Promise<Replica> {
    const replica = new Replica();
    replica.feed.onEvery((change) => replica.received.push(change));
    replica.feed.onGap(() => {
      replica.gaps += 1;
    });
    replica.#relay = await PostgresRelay.start(replica.feed, options);
    running.push(replica);
    return replica;
  }

  /** Publishes as after a commit. */
  announce(...changes: readonly Change[]): void {
    const tx = new Tx(null as never, null as never);
    for (const change of changes) this.feed.publish(tx, change);
    tx.runAfterCommit((error) => {
      throw error;
    });
  }

  async stop(): Promise<void> {
    await this.#relay?.onApplicationShutdown();
  }
}

const running: Replica[] = [];
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('postgres', '');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((replica) => replica.stop()));
});
afterAll(async () => {
  await database.drop();
});

const start = (options: Partial<RelayOptions> = {}): Promise<Replica> =>
  Replica.start({ url: database.config.url, ...options });

describe('replicas on one PostgreSQL', () => {
  it('receive every change of the others in order, and their own once', async () => {
    const [one, two, three] = [await start(), await start(), await start()];
    const changes = Array.from({ length: 1_000 }, (_, i) => change(`cmd_${i}`));
    one.announce(...changes);
    for (const replica of [one, two, three]) {
      await eventually('all changes are received', () => replica.received.length >= changes.length);
      expect(replica.received).toEqual(changes);
      expect(replica.gaps).toBe(0);
    }
  });

  it('receive every change of many concurrent senders', async () => {
    const [one, two] = [await start(), await start()];
    for (let round = 0; round < 50; round += 1) {
      one.announce(change(`one-${round}`));
      two.announce(change(`two-${round}`));
      await new Promise(setImmediate);
    }
    for (const replica of [one, two]) {
      await eventually('all changes are received', () => replica.received.length === 100);
      expect(new Set(replica.received.map(({ id }) => id)).size).toBe(100);
    }
  });

  it('receive a change published just before another replica stopped', async () => {
    const [one, two] = [await start(), await start()];
    one.announce(change('last'));
    await one.stop();
    await eventually('the last change is received', () => two.received.length === 1);
  });

  it('reconnect after their connection broke, and both sides report a gap', async () => {
    const [one, two] = [await start(), await start()];
    expect(await cutRelays(database)).toBe(2);
    await eventually('both have noticed', () => one.gaps > 0 && two.gaps > 0);
    one.announce(change('after'));
    await eventually('changes come again', () => two.received.some(({ id }) => id === 'after'));
  });

  it('make the others report a gap when a change could not be sent', async () => {
    const two = await start();
    const network = await TcpRelay.open(database.config.url);
    const one = await start({ url: network.url, timeLimitMs: 200 });
    network.fallSilent();
    one.announce(change('lost'));
    const gaps = two.gaps;
    network.heal();
    await eventually('the other reports a gap', () => two.gaps > gaps);
    expect(two.received).toEqual([]);
    await one.stop();
    await network.close();
  });

  it('detect a dead connection that still looks open', async () => {
    const network = await TcpRelay.open(database.config.url);
    const two = await start();
    const one = await start({ url: network.url, heartbeatMs: 50, timeLimitMs: 200 });
    network.fallSilent();
    two.announce(change('lost'));
    network.heal();
    await eventually('it listens again', () => one.gaps > 0);
    two.announce(change('received'));
    await eventually('changes come again', () => one.received.length > 0);
    expect(one.received.map(({ id }) => id)).toEqual(['received']);
    await one.stop();
    await network.close();
  });

  it('report a gap regularly for changes that were never sent, but not when alone', async () => {
    const one = await start({ sweepMs: 40 });
    const alone = performance.now();
    await eventually('it could have looked', () => performance.now() - alone > 200);
    expect(one.gaps).toBe(0);
    await start({ heartbeatMs: 20 });
    await eventually('it looks, again and again', () => one.gaps >= 3);
  });

  it('ignore messages of other clients', async () => {
    const one = await start();
    const client = new Client({ connectionString: database.config.url });
    await client.connect();
    for (const text of ['hello', '{"from":"me"}', JSON.stringify({ from: 'me', changes: [change('told')] })]) {
      await client.query(`SELECT pg_notify('opstage_changes', $1)`, [text]);
    }
    await client.end();
    await eventually('valid messages are received', () => one.received.length > 0);
    expect(one.received).toEqual([change('told')]);
  });

  it('fail to start without the database', async () => {
    await expect(start({ url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toThrow('ECONNREFUSED');
  });

  it('stop at once, even while the database is unavailable', async () => {
    const network = await TcpRelay.open(database.config.url);
    const one = await start({ url: network.url });
    await network.close();
    one.announce(change('lost'));
    await one.stop();
    one.announce(change('after the end'));
  });
});
