import type { CommandId } from '#contracts';
import { FakeClock } from '../../../../test/support/fake-clock.js';
import { SecretBox } from '../../../common/crypto/secret-box.js';
import type { Tx } from '../../../database/tx.js';
import type { IdempotencyKeyEntity } from './idempotency-key.entity.js';
import { type IdempotencyKeysRepository, IdempotencyKeysStore, type KeyedRequest } from './idempotency-keys.store.js';

const TX = {} as Tx;
const OLD = 'an old secret that was used until today';
const NEW = 'a new secret that is used from now on';
const COMMAND: CommandId = 'cmd_1';
const REQUEST: KeyedRequest = {
  userId: 'usr_1',
  key: 'k',
  content: { action: 'echo', request: { payload: { a: 1 } } },
};

/** The table, in memory. */
class FakeKeys implements Pick<IdempotencyKeysRepository, keyof IdempotencyKeysRepository> {
  readonly rows = new Map<string, IdempotencyKeyEntity>();

  findByHash(keyHash: string): Promise<IdempotencyKeyEntity | null> {
    return Promise.resolve(this.rows.get(keyHash) ?? null);
  }

  insert(key: IdempotencyKeyEntity): Promise<void> {
    if (this.rows.has(key.keyHash)) return Promise.reject(new Error('This key is taken.'));
    this.rows.set(key.keyHash, key);
    return Promise.resolve();
  }

  deleteIfBefore(keyHash: string, before: Date): Promise<void> {
    if ((this.rows.get(keyHash)?.createdAt ?? Infinity) <= before) this.rows.delete(keyHash);
    return Promise.resolve();
  }

  deleteBefore(before: Date, limit: number): Promise<number> {
    const old = [...this.rows.values()].filter(({ createdAt }) => createdAt <= before).slice(0, limit);
    for (const { keyHash } of old) this.rows.delete(keyHash);
    return Promise.resolve(old.length);
  }
}

describe('IdempotentRequests', () => {
  let keys: FakeKeys;
  let clock: FakeClock;

  beforeEach(() => {
    keys = new FakeKeys();
    clock = new FakeClock();
    clock.stop();
  });

  const requestsWith = (...secrets: readonly string[]): IdempotencyKeysStore =>
    new IdempotencyKeysStore(keys, new SecretBox(secrets), clock);

  it('knows a request by its key and content, and says when the key was used for another', async () => {
    const requests = requestsWith(NEW);
    expect(await requests.find(TX, REQUEST)).toBeNull();
    await requests.remember(TX, REQUEST, COMMAND);
    expect(await requests.find(TX, REQUEST)).toBe(COMMAND);
    expect(await requests.find(TX, { ...REQUEST, key: 'l' })).toBeNull();
    expect(await requests.find(TX, { ...REQUEST, userId: 'usr_2' })).toBeNull();
    const other = { ...REQUEST, content: { action: 'echo', request: { payload: { a: 2 } } } };
    await expect(requests.find(TX, other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('knows a request that was signed before the secrets were rotated', async () => {
    await requestsWith(OLD).remember(TX, REQUEST, COMMAND);
    expect(await requestsWith(NEW, OLD).find(TX, REQUEST)).toBe(COMMAND);
  });

  it('signs the same content differently for each key: equal requests do not show as such', async () => {
    const requests = requestsWith(NEW);
    for (const key of ['k', 'l']) await requests.remember(TX, { ...REQUEST, key }, COMMAND);
    const signatures = [...keys.rows.values()].map(({ requestSignature }) => requestSignature);
    expect(new Set(signatures).size).toBe(2);
  });

  it('forgets after 24 hours: the key is new again, and pruned', async () => {
    const requests = requestsWith(NEW);
    await requests.remember(TX, REQUEST, COMMAND);
    clock.advance(86_399);
    expect(await requests.find(TX, REQUEST)).toBe(COMMAND);
    expect(await requests.prune(TX)).toBe(0);
    await expect(requests.remember(TX, REQUEST, 'cmd_2')).rejects.toThrow('taken');
    clock.advance(1);
    expect(await requests.find(TX, REQUEST)).toBeNull();
    await requests.remember(TX, REQUEST, 'cmd_2');
    expect(await requests.find(TX, REQUEST)).toBe('cmd_2');
    clock.advance(86_400);
    expect(await requests.prune(TX)).toBe(1);
    expect(await requests.prune(TX)).toBe(0);
  });
});
