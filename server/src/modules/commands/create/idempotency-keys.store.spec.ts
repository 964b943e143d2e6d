import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandId } from '#contracts';
import { FakeClock } from '../../../../test/support/fake-clock.js';
import { createTestDatabase } from '../../../../test/support/test-database.js';
import { SecretBox } from '../../../common/crypto/secret-box.js';
import type { Database } from '../../../database/database.js';
import { isUniqueViolation } from '../../../database/errors.js';
import { openDatabase } from '../../../database/open-database.js';
import { entities } from '../../../entities.js';
import { IdempotencyKeysStore, type KeyedRequest } from './idempotency-keys.store.js';

const OLD = 'an old secret that was used until today';
const NEW = 'a new secret that is used from now on';
const COMMAND: CommandId = 'cmd_1';
const OTHER_COMMAND: CommandId = 'cmd_2';
const REQUEST: KeyedRequest = {
  userId: 'usr_1',
  key: 'k',
  content: { action: 'echo', request: { payload: { a: 1 } } },
};

/** Both commands, so that keys can refer to them. */
const COMMANDS = [
  `INSERT INTO agents (id, code, name, mode, status, registered_at, created_at, updated_at)
    VALUES ('agt_1', 'agent', 'Agent', 'embedded', 'ONLINE', 0, 0, 0)`,
  `INSERT INTO capsule_services
      (id, agent_id, code, name, manifest, content_hash, health_status, last_reported_at, created_at, updated_at)
    VALUES ('svc_1', 'agt_1', 'service', 'Service', '{}', '', 'UNKNOWN', 0, 0, 0)`,
  `INSERT INTO commands (id, type, status, service_id, agent_id, action_name, payload, created_at, expires_at)
    VALUES ('cmd_1', 'ACTION_EXECUTE', 'PENDING', 'svc_1', 'agt_1', 'echo', '{}', 0, 0),
      ('cmd_2', 'ACTION_EXECUTE', 'PENDING', 'svc_1', 'agt_1', 'echo', '{}', 0, 0)`,
];

describe('IdempotencyKeysStore', () => {
  let folder: string;
  let db: Database;
  let clock: FakeClock;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-keys-'));
    const { config: database } = await createTestDatabase('sqlite', folder);
    db = await openDatabase({ database, backupDir: folder }, entities);
    await db.transaction(async (tx) => {
      for (const sql of COMMANDS) await tx.execute(sql);
    });
    clock = new FakeClock();
    clock.stop();
  });

  afterEach(async () => {
    await db.close();
    rmSync(folder, { recursive: true });
  });

  const storeWith = (...secrets: readonly string[]): IdempotencyKeysStore =>
    new IdempotencyKeysStore(db, new SecretBox(secrets), clock);

  const find = (store: IdempotencyKeysStore, request = REQUEST): Promise<CommandId | null> =>
    db.transaction((tx) => store.find(tx, request));

  const remember = (store: IdempotencyKeysStore, id: CommandId = COMMAND, request = REQUEST): Promise<void> =>
    db.transaction((tx) => store.remember(tx, request, id));

  it('recognizes a request by key and content, and refuses a key that was used for another', async () => {
    const store = storeWith(NEW);
    expect(await find(store)).toBeNull();
    await remember(store);
    expect(await find(store)).toBe(COMMAND);
    expect(await find(store, { ...REQUEST, key: 'l' })).toBeNull();
    expect(await find(store, { ...REQUEST, userId: 'usr_2' })).toBeNull();
    const other = { ...REQUEST, content: { action: 'echo', request: { payload: { a: 2 } } } };
    await expect(find(store, other)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('recognizes a request that was signed before the secrets were rotated', async () => {
    await remember(storeWith(OLD));
    expect(await find(storeWith(NEW, OLD))).toBe(COMMAND);
  });

  it('signs the same content differently for each key, so that equal requests do not show', async () => {
    const store = storeWith(NEW);
    for (const key of ['k', 'l']) await remember(store, COMMAND, { ...REQUEST, key });
    const rows = await db.query<{ signature: string }>('SELECT request_signature AS signature FROM idempotency_keys');
    expect(new Set(rows.map(({ signature }) => signature)).size).toBe(2);
  });

  it('forgets a key after 24 hours: it can be used again, and is pruned', async () => {
    const store = storeWith(NEW);
    await remember(store);
    clock.advance(86_399);
    expect(await find(store)).toBe(COMMAND);
    expect(await store.prune()).toBe(0);
    const refusal: unknown = await remember(store, OTHER_COMMAND).catch((error: unknown) => error);
    expect(isUniqueViolation(refusal)).toBe(true);
    clock.advance(1);
    expect(await find(store)).toBeNull();
    await remember(store, OTHER_COMMAND);
    expect(await find(store)).toBe(OTHER_COMMAND);
    clock.advance(86_400);
    expect(await store.prune()).toBe(1);
    expect(await store.prune()).toBe(0);
  });
});
