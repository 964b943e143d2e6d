import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentCommand, AuditEvent, Command, SessionInfo } from '#contracts';
import { anAgentDescription, ApiClient, aReportedService, ServerUnderTest, TestAgent, TestOperator } from '#testing';
import { Nginx } from '../support/edges/nginx.js';
import { EventReader } from '../support/event-reader.js';

const EXPORT = '/api/admin/audit-events/export';

describe('behind nginx with proxy_pass and nothing else, which speaks HTTP/1.0 to the server', () => {
  let folder: string;
  let server: ServerUnderTest;
  let nginx: Nginx;
  let api: ApiClient;
  let owner: TestOperator;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-nginx-'));
    server = await ServerUnderTest.start({ dataDir: folder, settings: { OPSTAGE_MAINTENANCE_INTERVAL_SECONDS: '0' } });
    nginx = await Nginx.inFrontOf(server.url);
    api = new ApiClient(nginx.url);
    owner = await TestOperator.signIn(api, server.owner.username, server.owner.password);
  });
  afterAll(async () => {
    await nginx.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const exported = async (query: string): Promise<string> => {
    const answer = await owner.get(`${EXPORT}?${query}`);
    expect([query, answer.status]).toEqual([query, 200]);
    expect(answer.headers.get('x-audit-root')).toMatch(/\S/);
    return answer.text;
  };

  it('every export is complete, also one of nothing', async () => {
    const events = await owner.get('/api/admin/audit-events?pageSize=100').expectPage<AuditEvent>();
    expect(events.pagination.total).toBeGreaterThan(0);
    for (const [filter, least] of [
      ['actorType=USER', 1],
      ['actorId=nobody', 0],
    ] as const) {
      const json = JSON.parse(await exported(`format=json&${filter}`)) as {
        readonly data: readonly AuditEvent[];
        readonly summary: { readonly count: number };
      };
      expect(json.data.length).toBeGreaterThanOrEqual(least);
      expect(json.summary.count).toBe(json.data.length);
      const lines = (await exported(`format=jsonl&${filter}`)).trim().split('\n');
      expect(lines.length).toBeGreaterThan(least);
      expect((await exported(`format=csv&${filter}`)).trim().split('\r\n').length).toBeGreaterThan(least);
    }
  });

  it('a backup is a whole database', async () => {
    const { csrfToken } = await owner.get('/api/admin/auth/me').expectOk<SessionInfo>();
    const response = await fetch(new URL('/api/admin/backup/sqlite', nginx.url), {
      method: 'POST',
      headers: { cookie: owner.cookie, 'x-csrf-token': csrfToken },
    });
    expect(response.status).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 15).toString()).toBe('SQLite format 3');
    // Pages times page size, as the file's header says.
    expect(bytes.length).toBe(bytes.readUInt32BE(28) * bytes.readUInt16BE(16));
  });

  it('a held poll gets its command, and the stream of changes tells of it', async () => {
    const reader = await EventReader.open(api, owner);
    const { token } = await owner.createToken();
    const agent = await TestAgent.register(api, { registrationToken: token, agent: anAgentDescription() });
    const service = await agent.reportService(aReportedService());
    const polled = agent.park(30).expectOk<readonly AgentCommand[]>();
    const path = `/api/admin/capsule-services/${service.id}/actions/echo`;
    const { id } = await owner.post(path, { payload: { text: 'hi' } }).expectOk<Command>();
    expect(await polled).toMatchObject([{ id }]);
    await agent.complete(id, { success: true }).expectOk();
    await reader.heard({ topic: 'command', id });
    reader.close();
  });

  it('the console and its compressed files arrive', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const page = await (await fetch(nginx.url, { headers })).text();
    const [, script] = /src="(main-[^"]+\.js)"/.exec(page) ?? [];
    const sent = await fetch(new URL(script ?? '', nginx.url), { headers });
    expect(sent.headers.get('content-encoding')).toBe('gzip');
    expect(await sent.text()).toContain('import');
  });
});
