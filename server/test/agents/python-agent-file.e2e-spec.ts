import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CapsuleService, Command, CommandDetail } from '#contracts';
import { eventually, type TestOperator } from '#testing';
import { codeBlock } from '../docs/code-blocks.js';
import { PythonProgram } from '../support/python-program.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { TamperingProxy } from '../support/tampering-proxy.js';

const LIBRARY = join(__dirname, '..', '..', '..', 'libs', 'python');

const WORKER = `
import os, signal
from opstage_agent import Agent, ActionFailed
agent = Agent()
service = agent.service(agent.code, 'Worker')
SECRET = {'type': 'object', 'properties': {'pin': {'type': 'string', 'format': 'password'}}}

@service.action('crash', 'Crash', inputSchema=SECRET)
def crash(run):
    with open('ran', 'a') as file:
        file.write(run.id + '\\n')
    os.kill(os.getpid(), signal.SIGKILL)

@service.action('hold', 'Hold')
def hold(run):
    run.progress(10, 'Holding')
    run.wait(600)
    raise ActionFailed('Let go.', 'LET_GO')

@service.action('slow', 'Slow', timeoutSeconds=1)
def slow(run):
    run.wait(600)
    import time
    time.sleep(600)

@service.action('secretive', 'Secretive', inputSchema=SECRET)
def secretive(run):
    return {'message': 'The pin is %s.' % run.payload['pin'], 'data': {'generatedKey': 'kkkk-1234'}}

@service.action('fail', 'Fail')
def fail(run):
    return 1 / 0

agent.run()
`;

let app: TestApp;
let operator: TestOperator;
let proxy: TamperingProxy;
const programs: PythonProgram[] = [];

const aProgram = (text: string): PythonProgram => {
  const program = new PythonProgram(text);
  programs.push(program);
  return program;
};

const start = async (program: PythonProgram, code: string, withToken = false): Promise<void> => {
  const token: Record<string, string> = withToken
    ? { OPSTAGE_REGISTRATION_TOKEN: (await operator.createToken()).token }
    : {};
  program.start({ OPSTAGE_BACKEND_URL: proxy.baseUrl, OPSTAGE_AGENT_CODE: code, ...token });
};

const healthy = (code: string): Promise<CapsuleService> =>
  eventually(`a healthy ${code}`, async () => {
    const { data } = await operator.get(`/api/admin/capsule-services?q=${code}`).expectPage<CapsuleService>();
    return data.find(({ status }) => status === 'HEALTHY');
  });

const run = async (code: string, action: string, payload: object = {}): Promise<string> => {
  const { id } = await healthy(code);
  return (await operator.post(`/api/admin/capsule-services/${id}/actions/${action}`, { payload }).expectOk<Command>())
    .id;
};

const command = (id: string): Promise<CommandDetail> =>
  operator.get(`/api/admin/commands/${id}`).expectOk<CommandDetail>();

const resultOf = (id: string): Promise<CommandDetail> =>
  eventually('a result', async () => {
    const detail = await command(id);
    return detail.result !== null && detail;
  });

beforeAll(async () => {
  app = await startTestApp();
  operator = await app.signIn('operator');
  proxy = await TamperingProxy.inFrontOf(app.api.baseUrl);
});

afterEach(async () => {
  proxy.tamper = () => 'pass';
  proxy.edit = (_, data) => data;
  proxy.seen.length = 0;
  await Promise.all(programs.splice(0).map((program) => program.remove()));
});

afterAll(() => proxy.close());

describe('the Python agent in one file', () => {
  it('passes the tests of its parts', () => {
    const { status, stderr } = spawnSync('python3', ['-B', '-W', 'error', '-m', 'unittest', 'discover', LIBRARY], {
      cwd: LIBRARY,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('OK') as string });
  });

  it('is what its page says: enrols though the answer is lost, runs commands, goes on after a restart, says goodbye', async () => {
    const program = aProgram(codeBlock('libs/python/README.md', '# greeter.py'));
    let registrations = 0;
    proxy.tamper = ({ path }) => (path === '/api/agents/register' && ++registrations === 1 ? 'lose-answer' : 'pass');
    await start(program, 'greeter-1', true);
    expect(await resultOf(await run('greeter', 'greet', { name: 'Ada' }))).toMatchObject({
      status: 'SUCCEEDED',
      result: { message: 'Hello, Ada.', data: { letters: 5 } },
    });
    expect(registrations).toBe(2);
    expect(statSync(join(program.folder, 'data', 'greeter-1.agent-token.json')).mode & 0o777).toBe(0o600);
    expect(proxy.count('GET', /commands\?limit=4&wait=[1-9]\d*&holding=/)).toBeGreaterThan(0);
    const { id } = await healthy('greeter');
    expect(await operator.get(`/api/admin/capsule-services/${id}/actions/greet`).expectOk()).toMatchObject({
      initialPayload: { name: 'world' },
    });

    expect(await program.end('SIGTERM')).toBe(0);
    expect(proxy.seen.filter(({ body }) => body === '{"leaving": {}}')).toHaveLength(1);

    await start(program, 'greeter-1');
    expect(await resultOf(await run('greeter', 'greet', { name: 'Grace' }))).toMatchObject({ status: 'SUCCEEDED' });
    expect(registrations).toBe(2);
  });

  it('gives up with the reason when the registration token does not exist', async () => {
    const program = aProgram(WORKER);
    program.start({
      OPSTAGE_BACKEND_URL: proxy.baseUrl,
      OPSTAGE_AGENT_CODE: 'nobody',
      OPSTAGE_REGISTRATION_TOKEN: `opstage_reg_${'x'.repeat(43)}`,
    });
    expect(await program.ended()).toBe(1);
    expect(program.output).toContain('401 REGISTRATION_TOKEN_INVALID');
    expect(proxy.count('POST', /register$/)).toBe(1);
  });

  it('runs a command at most once over a kill -9, and leaves no payload on disk', async () => {
    const program = aProgram(WORKER);
    await start(program, 'crasher', true);
    const id = await run('crasher', 'crash', { pin: 'pin-of-the-safe' });
    await program.ended();
    const ran = (): string => readFileSync(join(program.folder, 'ran'), 'utf8');
    await eventually('the run', () => existsSync(join(program.folder, 'ran')) && ran() === `${id}\n`);
    expect(program.stored()).not.toContain('pin-of-the-safe');
    await start(program, 'crasher');
    expect(await resultOf(id)).toMatchObject({ status: 'FAILED', errorCode: 'AGENT_RESTARTED' });
    expect((await resultOf(await run('crasher', 'fail'))).errorCode).toBe('ACTION_FAILED');
    expect(ran()).toBe(`${id}\n`);
  });

  it('sends a result again when a page answers or the process dies, but keeps no secret of it on disk', async () => {
    const program = aProgram(WORKER);
    await start(program, 'secretive', true);
    let pages = 0;
    proxy.tamper = ({ path }) => (path.endsWith('/result') && ++pages <= 1 ? 'page' : 'pass');
    expect(await resultOf(await run('secretive', 'secretive', { pin: 'pin-1-of-the-safe' }))).toMatchObject({
      status: 'SUCCEEDED',
      result: { message: 'The pin is ******.' },
    });
    expect(pages).toBe(2);

    proxy.tamper = ({ path }) => (path.endsWith('/result') ? 'page' : 'pass');
    const id = await run('secretive', 'secretive', { pin: 'pin-2-of-the-safe' });
    const path = new RegExp(`${id}/result$`);
    await eventually('an attempt', () => proxy.count('POST', path) > 0);
    await program.end('SIGKILL');
    expect(program.stored()).toContain(id);
    expect(program.stored()).not.toMatch(/pin-\d-of-the-safe|kkkk-1234/);
    proxy.tamper = () => 'pass';
    await start(program, 'secretive');
    expect((await resultOf(id)).status).toBe('SUCCEEDED');
  });

  it('stops a cancelled command, and one whose time is over', async () => {
    const program = aProgram(WORKER);
    await start(program, 'stopper', true);
    const held = await run('stopper', 'hold');
    await eventually('its progress', () => proxy.count('POST', new RegExp(`${held}/progress$`)) > 0);
    await operator.post(`/api/admin/commands/${held}/cancel`).expectOk();
    await eventually('the late result', () =>
      proxy.seen.some(({ path, body }) => path.endsWith(`${held}/result`) && body.includes('LET_GO')),
    );
    expect((await command(held)).status).toBe('CANCELLED');
    expect(await resultOf(await run('stopper', 'slow'))).toMatchObject({
      status: 'FAILED',
      errorCode: 'ACTION_TIMEOUT',
    });
  });

  it('gets a command again whose delivery was lost, runs it once, and reports anew after the outage', async () => {
    const program = aProgram(WORKER);
    let polls = 0;
    proxy.tamper = ({ path }) => (path.includes('/commands?') && ++polls === 1 ? 'lose-answer' : 'pass');
    await start(program, 'loser', true);
    await eventually('a held poll', () => polls > 0);
    const id = await run('loser', 'fail');
    expect((await resultOf(id)).errorCode).toBe('ACTION_FAILED');
    expect(proxy.count('POST', new RegExp(`${id}/result$`))).toBe(1);
    await eventually('a second report', () => proxy.count('POST', /services\/report$/) > 1);
  });

  it('stops on SIGTERM: handlers are told, results are sent, and the goodbye comes last', async () => {
    const program = aProgram(WORKER);
    await start(program, 'leaver', true);
    const id = await run('leaver', 'hold');
    await eventually('its progress', () => proxy.count('POST', new RegExp(`${id}/progress$`)) > 0);
    expect(await program.end('SIGTERM')).toBe(0);
    expect(await command(id)).toMatchObject({ status: 'FAILED', errorCode: 'LET_GO' });
    expect(proxy.seen.at(-1)?.body).toBe('{"leaving": {}}');
  });

  it('replaces its token when asked, and goes on with the new one', async () => {
    const program = aProgram(WORKER);
    const token = (): string => readFileSync(join(program.folder, 'data', 'rotator.agent-token.json'), 'utf8');
    let asked = false;
    const before: string[] = [];
    proxy.edit = ({ path }, data) => {
      if (!path.endsWith('/heartbeat') || asked) return data;
      asked = true;
      before.push(token());
      return { ...data, rotateToken: true };
    };
    await start(program, 'rotator', true);
    await eventually('a new token', () => before.length === 1 && token() !== before[0]);
    expect((await resultOf(await run('rotator', 'fail'))).status).toBe('FAILED');
    expect(proxy.count('POST', /\/token$/)).toBe(1);
    expect(statSync(join(program.folder, 'data', 'rotator.agent-token.json')).mode & 0o777).toBe(0o600);
  });
});
