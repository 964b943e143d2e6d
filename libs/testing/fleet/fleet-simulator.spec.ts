import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { FleetSimulator } from './fleet-simulator.js';
import { HttpConnection, type Endpoint } from './http-connection.js';
import { LightAgent } from './light-agent.js';
import { requestText } from './wire.js';

const closing: (() => void)[] = [];

/** A real HTTP server, closed after the test. */
const serving = async (listener: RequestListener): Promise<Endpoint> => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await delay(5);
};

const anAgent = (endpoint: Endpoint): LightAgent =>
  new LightAgent(endpoint, 'one', {
    agentId: 'agt_1',
    agentToken: 'opstage_agent_1',
    heartbeatIntervalSeconds: 30,
    commandPollIntervalSeconds: 5,
  });

const aFleet = (endpoint: Endpoint, pollIntervalSeconds: number, onCommand = (): void => undefined): FleetSimulator => {
  const fleet = new FleetSimulator(endpoint, [anAgent(endpoint)], { waitSeconds: 25, pollIntervalSeconds, onCommand });
  closing.push(() => {
    fleet.stop();
  });
  return fleet;
};

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

describe('FleetSimulator', () => {
  it('detects that a server does not hold polls open, and polls at the interval', async () => {
    const times: number[] = [];
    const endpoint = await serving((_, response) => {
      times.push(performance.now());
      response.end('{"success":true,"data":[]}');
    });
    const fleet = aFleet(endpoint, 0.2);
    await fleet.start(100);
    await until(() => times.length >= 3);
    expect(fleet.unheldPolls).toBeGreaterThanOrEqual(2);
    // At least half the interval, because of jitter.
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThan(90);
  });

  it('receives commands from a held poll, reports their results and polls again', async () => {
    const requests: string[] = [];
    const command = { id: 'cmd_1', payload: { text: 'hi' } };
    const endpoint = await serving((request, response) => {
      requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
      const polls = requests.filter((one) => one.startsWith('GET')).length;
      if (request.method === 'POST') response.end('{"success":true,"data":{}}');
      else if (polls === 1) response.end(JSON.stringify({ success: true, data: [command] }));
    });
    let taken = 0;
    const fleet = aFleet(endpoint, 0.2, () => (taken += 1));
    await fleet.start(100);
    await until(() => requests.length >= 3);
    expect(taken).toBe(1);
    expect(requests).toContain('POST /api/agents/agt_1/commands/cmd_1/result');
    expect(requests.filter((one) => one === 'GET /api/agents/agt_1/commands?limit=10&wait=25')).toHaveLength(2);
    expect(fleet.unheldPolls).toBe(0);
    expect([...fleet.failures]).toEqual([]);
  });

  it('counts refusals by status and code', async () => {
    const endpoint = await serving((_, response) => {
      response.writeHead(403).end('{"success":false,"error":{"code":"AGENT_REVOKED","message":"."}}');
    });
    const fleet = aFleet(endpoint, 0.2);
    await fleet.start(100);
    await until(() => fleet.failures.size > 0);
    expect([...fleet.failures]).toEqual([['403 AGENT_REVOKED', 1]]);
  });
});

describe('HttpConnection', () => {
  it('repeats a request when the server closes the idle connection', async () => {
    let requests = 0;
    const endpoint = await serving((request, response) => {
      requests += 1;
      if (requests === 2) request.socket.destroy();
      else response.end('fine');
    });
    const connection = new HttpConnection(endpoint);
    const request = requestText(endpoint, 'GET', '/');
    expect((await connection.send(request)).body).toBe('fine');
    expect((await connection.send(request)).body).toBe('fine');
    expect(requests).toBe(3);
    connection.close();
  });

  it('fails when nothing is listening', async () => {
    const connection = new HttpConnection({ host: '127.0.0.1', port: 1 });
    await expect(connection.send('GET / HTTP/1.1\r\n\r\n')).rejects.toThrow('ECONNREFUSED');
  });
});
