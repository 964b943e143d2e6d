import type { Command } from '#contracts';
import { anAction, aReportedService, eventually, freePort } from '#testing';
import type { AppConfig } from '../../src/config/app-config.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { testDatabaseKind } from '../support/test-database.js';

interface Measured {
  readonly app: TestApp;
  readonly url: string;
  /** The lines of one metric. */
  linesOf(name: string): Promise<string[]>;
  /** The value of one line, by the text before it. */
  valueOf(line: string): Promise<number>;
}

const start = async (config: Partial<AppConfig> = {}): Promise<Measured> => {
  const metricsPort = await freePort();
  const app = await startTestApp({ config: { metricsPort, ...config } });
  const url = `http://127.0.0.1:${metricsPort}`;
  const linesOf = async (name: string): Promise<string[]> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return text.split('\n').filter((line) => line.startsWith(name));
  };
  const valueOf = async (line: string): Promise<number> => {
    const [found = ''] = await linesOf(`${line} `);
    return Number(found.split(' ').at(-1));
  };
  return { app, url, linesOf, valueOf };
};

describe('the metrics', () => {
  it('count requests by route template, never by the requested path', async () => {
    const { app, linesOf } = await start();
    const operator = await app.signIn('operator');
    const id = 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV';
    await operator.get(`/api/admin/agents/${id}`).expectError(404, 'AGENT_NOT_FOUND');
    await app.api.get('/api/nothing/like/this').expectError(404, 'NOT_FOUND');
    const count = 'opstage_http_request_duration_seconds_count';
    await eventually('both are counted', async () => {
      const lines = (await linesOf(count)).join('\n');
      const agents = `${count}{route="/api/admin/agents/:id",method="GET",status="404"} 1`;
      return lines.includes(agents) && lines.includes(`${count}{route="other",method="GET",status="404"} 1`);
    });
    expect((await linesOf('')).join('\n')).not.toMatch(/agt_|nothing\/like/);
  });

  it('follow a command from its creation to its end, with the time its agent took to claim it', async () => {
    const { app, valueOf } = await start();
    const agent = await app.enrolAgent();
    const service = await agent.reportService(aReportedService({ actions: [anAction({ inputSchema: {} })] }));
    const operator = await app.signIn('operator');
    const command = await operator
      .post(`/api/admin/capsule-services/${service.id}/actions/echo`, {})
      .expectOk<Command>();
    await agent.poll();
    await agent.complete(command.id, { success: false, error: { code: 'NO', message: 'no' } }).expectOk();
    const events = ['created', 'dispatched', 'failed', 'succeeded'];
    const counts = await Promise.all(events.map((event) => valueOf(`opstage_commands_total{event="${event}"}`)));
    expect(counts).toEqual([1, 1, 1, 0]);
    expect(await valueOf('opstage_command_dispatch_seconds_count')).toBe(1);
  });

  it('cover agents by status, parked polls, maintenance jobs, writes and event loop lag', async () => {
    const { app, valueOf } = await start();
    const agent = await app.enrolAgent();
    const polling = agent.request('GET', '/commands?wait=20');
    await eventually('the poll waits', async () => (await valueOf('opstage_parked_polls')) === 1);
    expect(await valueOf('opstage_agents{status="ONLINE"}')).toBe(1);
    expect(await valueOf('opstage_agents{status="OFFLINE"}')).toBe(0);
    await app.runMaintenance();
    expect(await valueOf('opstage_sweep_duration_seconds_count{job="sessions",result="success"}')).toBe(1);
    expect(await valueOf('opstage_database_write_seconds_count')).toBeGreaterThan(0);
    expect(await valueOf('opstage_database_writes_waiting')).toBe(0);
    expect(await valueOf('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
    if (testDatabaseKind() === 'sqlite')
      expect(await valueOf('opstage_database_commit_seconds_count')).toBeGreaterThan(0);
    await app.stop();
    await polling;
  });

  it('cover services by status, the build, and when the newest verified backup was made', async () => {
    const { app, valueOf, linesOf } = await start({ backupIntervalHours: 24 });
    const agent = await app.enrolAgent();
    await agent.reportService(aReportedService());
    expect(await valueOf('opstage_services{status="HEALTHY"}')).toBe(1);
    expect((await linesOf('opstage_build_info')).join()).toMatch(/\{version="0.0.0-test",commit="[^"]*"\} 1$/);
    const backup = 'opstage_backup_proven_timestamp_seconds';
    // Where no backups are scheduled, there is nothing to be alarmed about.
    if (testDatabaseKind() === 'postgres') {
      expect(await linesOf(backup)).toEqual([]);
      return;
    }
    expect((await linesOf(`${backup} `)).join()).toBe(`${backup} 0`);
    await app.runMaintenance();
    expect(await valueOf(backup)).toBeGreaterThan(0);
  });

  it('contain no secret, and their port serves nothing else', async () => {
    const { app, url, linesOf } = await start();
    const agent = await app.enrolAgent();
    await agent.heartbeat().expectOk();
    expect((await linesOf('')).join('\n')).not.toContain(agent.token);
    for (const path of ['/', '/api/system/health', '/metrics/x']) expect((await fetch(url + path)).status).toBe(404);
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(404);
  });

  it('are off unless a port is set; a port in use fails the startup and names the setting', async () => {
    await startTestApp();
    const { url } = await start();
    const taken = startTestApp({ config: { metricsPort: Number(new URL(url).port) } });
    await expect(taken).rejects.toThrow('OPSTAGE_METRICS_PORT');
  });
});
