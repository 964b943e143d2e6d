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
  it('carry changes in their order, as few as possible and none too long for PostgreSQL', () => {
    const changes = Array.from({ length: 500 }, (_, i) => change(`cmd_${i}_ü`));
    const texts = changeTexts('one', changes);
    expect(read(texts)).toEqual(changes);
    const sizes = texts.map((text) => Buffer.byteLength(text));
    expect(Math.max(...sizes)).toBeLessThan(8_000);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(7_500);
  });

  it('are none when there is nothing to carry', () => {
    expect(changeTexts('one', [])).toEqual([]);
  });

  it('say who speaks, that it is there, and that something may be missing', () => {
    expect(parseMessage(heartbeatText('one'))).toEqual({ from: 'one', changes: [] });
    expect(parseMessage(gapText('one'))).toEqual({ from: 'one', changes: [], gap: true });
  });

  it.each(['', 'hello', 'null', '1', '[]', '{}', '{"from":1,"changes":[]}', '{"from":"one"}'])(
    'are not what a stranger says: %s',
    (text) => {
      expect(parseMessage(text)).toBeNull();
    },
  );
});

/** A process as far as changes go: its feed, what it heard, and its relay. */
class Replica {
  readonly feed = new ChangeFeed();
  readonly heard: Change[] = [];
  gaps = 0;
  #relay: PostgresRelay | null = null;

  static async start(options: RelayOptions): Promise<Replica> {
    const replica = new Replica();
    replica.feed.onEvery((change) => replica.heard.push(change));
    replica.feed.onGap(() => {
      replica.gaps += 1;
    });
    replica.#relay = await PostgresRelay.start(replica.feed, options);
    running.push(replica);
    return replica;
  }

  /** Announces as after a commit. */
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
  it('hear what another announces, whole and in order, and their own once', async () => {
    const [one, two, three] = [await start(), await start(), await start()];
    const changes = Array.from({ length: 1_000 }, (_, i) => change(`cmd_${i}`));
    one.announce(...changes);
    for (const replica of [one, two, three]) {
      await eventually('all changes are heard of', () => replica.heard.length >= changes.length);
      expect(replica.heard).toEqual(changes);
      expect(replica.gaps).toBe(0);
    }
  });

  it('hear everything from many at once', async () => {
    const [one, two] = [await start(), await start()];
    for (let round = 0; round < 50; round += 1) {
      one.announce(change(`one-${round}`));
      two.announce(change(`two-${round}`));
      await new Promise(setImmediate);
    }
    for (const replica of [one, two]) {
      await eventually('all changes are heard of', () => replica.heard.length === 100);
      expect(new Set(replica.heard.map(({ id }) => id)).size).toBe(100);
    }
  });

  it('hear what was announced just before another stopped', async () => {
    const [one, two] = [await start(), await start()];
    one.announce(change('last'));
    await one.stop();
    await eventually('the last change is heard of', () => two.heard.length === 1);
  });

  it('listen again after their connection broke, and both sides know that something may be missing', async () => {
    const [one, two] = [await start(), await start()];
    expect(await cutRelays(database)).toBe(2);
    await eventually('both have noticed', () => one.gaps > 0 && two.gaps > 0);
    one.announce(change('after'));
    await eventually('changes come again', () => two.heard.some(({ id }) => id === 'after'));
  });

  it('tell the others to look when a change could not be sent', async () => {
    const two = await start();
    const network = await TcpRelay.open(database.config.url);
    const one = await start({ url: network.url, timeLimitMs: 200 });
    network.fallSilent();
    one.announce(change('unheard'));
    const gaps = two.gaps;
    network.heal();
    await eventually('the other was told to look', () => two.gaps > gaps);
    expect(two.heard).toEqual([]);
    await one.stop();
    await network.close();
  });

  it('notice a connection that carries nothing any more although it looks open', async () => {
    const network = await TcpRelay.open(database.config.url);
    const two = await start();
    const one = await start({ url: network.url, heartbeatMs: 50, timeLimitMs: 200 });
    network.fallSilent();
    two.announce(change('unheard'));
    network.heal();
    await eventually('it listens again', () => one.gaps > 0);
    two.announce(change('heard'));
    await eventually('changes come again', () => one.heard.length > 0);
    expect(one.heard.map(({ id }) => id)).toEqual(['heard']);
    await one.stop();
    await network.close();
  });

  it('report a gap from time to time for changes that were never sent, but not when they are alone', async () => {
    const one = await start({ sweepMs: 40 });
    const alone = performance.now();
    await eventually('it could have looked', () => performance.now() - alone > 200);
    expect(one.gaps).toBe(0);
    await start({ heartbeatMs: 20 });
    await eventually('it looks, again and again', () => one.gaps >= 3);
  });

  it('pass over what strangers say', async () => {
    const one = await start();
    const client = new Client({ connectionString: database.config.url });
    await client.connect();
    for (const text of ['hello', '{"from":"me"}', JSON.stringify({ from: 'me', changes: [change('told')] })]) {
      await client.query(`SELECT pg_notify('opstage_changes', $1)`, [text]);
    }
    await client.end();
    await eventually('what can be read is heard', () => one.heard.length > 0);
    expect(one.heard).toEqual([change('told')]);
  });

  it('do not start without the database', async () => {
    await expect(start({ url: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toThrow('ECONNREFUSED');
  });

  it('stop at once, also while the database is away', async () => {
    const network = await TcpRelay.open(database.config.url);
    const one = await start({ url: network.url });
    await network.close();
    one.announce(change('unheard'));
    await one.stop();
    one.announce(change('after the end'));
  });
});
