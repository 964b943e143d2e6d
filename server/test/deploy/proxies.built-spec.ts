import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { AgentCommand, Command } from '#contracts';
import {
  type ApiAnswer,
  anAgentDescription,
  ApiClient,
  aReportedService,
  Program,
  TestAgent,
  TestOperator,
} from '#testing';
import { createCertificate, SHIPPED_PROXIES, startShippedProxy } from '../support/edges/shipped-proxies.js';
import type { SystemProgram } from '../support/edges/system-program.js';
import { EventReader } from '../support/event-reader.js';
import { OWNER, ServerPair } from '../support/server-pair.js';

let folder: string;
let certificate: string;
let servers: ServerPair;
const running = new Map<string, SystemProgram>();
const authorities = getCACertificates('default');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'opstage-proxies-'));
  const tls = createCertificate(folder);
  ({ certificate } = tls);
  setDefaultCACertificates([...authorities, readFileSync(certificate, 'utf8')]);
  servers = await ServerPair.start(undefined, { OPSTAGE_TRUST_PROXY: '1', OPSTAGE_MAINTENANCE_INTERVAL_SECONDS: '0' });
  const replicas = [servers.a.port, servers.b.port] as const;
  for (const name of SHIPPED_PROXIES) running.set(name, await startShippedProxy(name, { replicas, tls }));
});
afterAll(async () => {
  for (const proxy of running.values()) await proxy.stop();
  await servers.stop();
  setDefaultCACertificates(authorities);
  rmSync(folder, { recursive: true, force: true });
});

const urlOf = (name: string): string => `https://127.0.0.1:${running.get(name)!.port}`;

/** A proxy repeats no POST that a replica may have begun, and Caddy 2.6 none at all; agents do. */
const HEARTBEAT_REPEATS = { nginx: 3, caddy: 1_000, haproxy: 3 } as const;

/** Why a request was not answered with 200, also when it was sent once more as often as that; null when it was. */
const faultOf = async (request: () => PromiseLike<ApiAnswer>, repeats: number): Promise<string | null> => {
  let fault: string;
  try {
    const answer = await request();
    if (answer.status === 200) return null;
    fault = `${answer.request}: ${answer.status} ${answer.text.slice(0, 200)}`;
  } catch (error) {
    fault = String((error as Error).cause ?? error);
  }
  return repeats === 0 ? fault : faultOf(request, repeats - 1);
};

describe.each(SHIPPED_PROXIES)('behind %s as it is shipped, with TLS', (name) => {
  let api: ApiClient;
  let operator: TestOperator;

  const aService = async (): Promise<{ readonly agent: TestAgent; readonly id: string }> => {
    const { token } = await operator.createToken();
    const agent = await TestAgent.register(api, { registrationToken: token, agent: anAgentDescription() });
    const { id } = await agent.reportService(aReportedService());
    return { agent, id };
  };

  beforeAll(async () => {
    api = new ApiClient(urlOf(name));
    operator = await TestOperator.signIn(api, OWNER.username, OWNER.password);
  });

  it('people sign in with a Secure cookie, as who they are, whatever address they claim', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' };
    const signedIn = await api.request('POST', '/api/admin/auth/login', { body: OWNER, headers });
    expect(signedIn.headers.getSetCookie().join()).toContain('; Secure');
    const events = await operator.get('/api/admin/audit-events?action=auth.login.succeeded').expectPage<unknown>();
    expect(JSON.stringify(events.data)).not.toContain('203.0.113.7');
  });

  it('a held poll gets its command, and the event stream tells of it', async () => {
    const { agent, id: serviceId } = await aService();
    const reader = await EventReader.open(api, operator);
    const polled = agent.park(50).expectOk<readonly AgentCommand[]>();
    const path = `/api/admin/capsule-services/${serviceId}/actions/echo`;
    const { id } = await operator.post(path, { payload: { text: 'hi' } }).expectOk<Command>();
    expect(await polled).toMatchObject([{ id }]);
    await agent.complete(id, { success: true }).expectOk();
    await reader.heard({ topic: 'command', id });
    reader.close();
  });

  it('opstage doctor finds nothing wrong with it', async () => {
    const doctor = new Program('server/cli/main.js', {
      args: ['doctor', '--url', urlOf(name), '--hold', '3'],
      settings: { ...servers.hostSettings, NODE_EXTRA_CA_CERTS: certificate },
    });
    await doctor.exited;
    expect(doctor.output).toContain('A silent request was held open for 3 s.');
    expect(doctor.output).toContain('An export arrived whole.');
    expect(doctor.output).toContain('Events arrive as they happen.');
  });

  it('a rolling restart loses no request', async () => {
    const { agent } = await aService();
    const lost: string[] = [];
    let answered = 0;
    let isOver = false;
    const keepAsking = async (request: () => PromiseLike<ApiAnswer>, repeats = 0): Promise<void> => {
      while (!isOver) {
        const fault = await faultOf(request, repeats);
        if (fault === null) answered += 1;
        else lost.push(fault);
      }
    };
    const load = Promise.all([
      keepAsking(() => operator.get('/api/admin/agents')),
      keepAsking(() => agent.park(1)),
      keepAsking(() => agent.heartbeat(), HEARTBEAT_REPEATS[name]),
    ]);
    for (const server of [servers.a, servers.b]) {
      await server.stop();
      await server.start();
    }
    isOver = true;
    await load;
    expect(lost).toEqual([]);
    expect(answered).toBeGreaterThan(20);
  });
});
