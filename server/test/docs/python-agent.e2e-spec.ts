import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CapsuleService, Command, CommandDetail } from '#contracts';
import { eventually, type TestOperator } from '#testing';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { codeBlock } from './code-blocks.js';

const PAGE = 'docs/agent-protocol.md';

describe('the Python agent of the protocol page', () => {
  let app: TestApp;
  let operator: TestOperator;
  let folder: string;
  let agent: ChildProcess;
  let output = '';

  const start = (settings: Readonly<Record<string, string>> = {}): void => {
    agent = spawn('python3', ['-u', 'agent.py'], {
      cwd: folder,
      env: { PATH: process.env.PATH, OPSTAGE_BACKEND_URL: app.api.baseUrl, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [agent.stdout, agent.stderr])
      stream?.on('data', (text: Buffer) => (output += text.toString()));
  };

  const stop = async (): Promise<void> => {
    if (agent.exitCode !== null || agent.signalCode !== null) return;
    agent.kill('SIGKILL');
    await once(agent, 'close');
  };

  const service = (): Promise<CapsuleService> =>
    eventually(`a healthy service; the agent printed ${output}`, async () => {
      const { data } = await operator.get('/api/admin/capsule-services?q=greeter').expectPage<CapsuleService>();
      return data.find(({ status }) => status === 'HEALTHY');
    });

  /** Runs the action and returns the command when it has ended. */
  const greet = async (name: string): Promise<CommandDetail> => {
    const { id: serviceId } = await service();
    const { id } = await operator
      .post(`/api/admin/capsule-services/${serviceId}/actions/greet`, { payload: { name } })
      .expectOk<Command>();
    return eventually(`a result; the agent printed ${output}`, async () => {
      const command = await operator.get(`/api/admin/commands/${id}`).expectOk<CommandDetail>();
      return command.result !== null && command;
    });
  };

  beforeAll(async () => {
    app = await startTestApp();
    operator = await app.signIn('operator');
    folder = mkdtempSync(join(tmpdir(), 'opstage-python-'));
    writeFileSync(join(folder, 'agent.py'), codeBlock(PAGE, '# agent.py'));
  });

  afterEach(stop);

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('enrols, runs a command, and goes on with its token after a restart', async () => {
    const { token } = await operator.createToken();
    start({ OPSTAGE_REGISTRATION_TOKEN: token });
    expect(await greet('Ada')).toMatchObject({ status: 'SUCCEEDED', result: { message: 'Hello, Ada.' } });
    expect(statSync(join(folder, 'agent.json')).mode & 0o777).toBe(0o600);
    await stop();
    start();
    expect(await greet('Grace')).toMatchObject({ status: 'SUCCEEDED', result: { message: 'Hello, Grace.' } });
    expect(output).toBe('');
  });

  it('says why it cannot enrol, and ends', async () => {
    rmSync(join(folder, 'agent.json'), { force: true });
    output = '';
    start({ OPSTAGE_REGISTRATION_TOKEN: `opstage_reg_${'x'.repeat(43)}` });
    await once(agent, 'close');
    expect(agent.exitCode).toBe(1);
    expect(output).toContain('HTTP Error 401');
  });

  it('takes its token nowhere else, and a page in between for no answer', async () => {
    const seen: string[] = [];
    const between = createServer(({ method, url }, answer) => {
      seen.push(`${method} ${url}`);
      if (url === '/elsewhere') answer.end('{"success":true,"data":{}}');
      else answer.writeHead(302, { location: '/elsewhere', 'content-type': 'text/html' }).end('Sign in first.');
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
    writeFileSync(join(folder, 'agent.json'), '{"agentId":"agt_1","agentToken":"a token"}');
    output = '';
    start({ OPSTAGE_BACKEND_URL: `http://127.0.0.1:${(between.address() as AddressInfo).port}` });
    await eventually('its complaint', () => output.includes('Not possible now: something in between answered 302'));
    await stop();
    between.close();
    expect(new Set(seen)).toEqual(new Set(['POST /api/agents/agt_1/services/report']));
  });
});
