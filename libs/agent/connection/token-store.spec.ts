import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredCredential } from '../base/types.js';
import { FileTokenStore, MemoryTokenStore } from './token-store.js';

const CREDENTIAL: StoredCredential = {
  agentId: 'agt_1',
  agentToken: 'opstage_agent_canary',
  agentCode: 'agent-1',
  backendUrl: 'http://127.0.0.1:8080/',
};

describe('Token stores', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-tokens-'));
  const path = join(folder, 'nested', 'agent-token.json');

  afterEach(() => {
    rmSync(join(folder, 'nested'), { recursive: true, force: true });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['file', () => new FileTokenStore(path)],
    ['memory', () => new MemoryTokenStore()],
  ])('keep a credential until it is cleared: %s', async (_, make) => {
    const store = make();
    expect(await store.load()).toBeNull();
    await store.save(CREDENTIAL);
    expect(await store.load()).toEqual(CREDENTIAL);
    await store.clear();
    await store.clear();
    expect(await store.load()).toBeNull();
  });

  it('replace the file atomically, readable by its owner only, and leave nothing else behind', async () => {
    const store = new FileTokenStore(path);
    await store.save(CREDENTIAL);
    chmodSync(path, 0o644);
    await store.save({ ...CREDENTIAL, agentToken: 'opstage_agent_second' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'nested'))).toEqual(['agent-token.json']);
    expect(await store.load()).toMatchObject({ agentToken: 'opstage_agent_second' });
  });

  it.each([
    ['half a file', '{"agentId": "agt_1", "agentToken": "opstage_agent_can'],
    ['another file', '{"agentId": "agt_1", "agentToken": "opstage_agent_canary"}'],
    ['no object', 'null'],
  ])('reject %s without quoting it', async (_, content) => {
    const store = new FileTokenStore(path);
    await store.save(CREDENTIAL);
    writeFileSync(path, content);
    await expect(store.load()).rejects.toThrow(/agent-token.json does not hold an agent's credential\.$/);
  });
});
