import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '../testing/index.js';
import { SDK_VERSION } from './connection/http-transport.js';
import { REGISTRATION_TOKEN, WireServer } from './testing/wire-server.js';

const HOOKS = pathToFileURL(join(__dirname, '..', 'testing', 'run-typescript.mjs')).href;
const README = readFileSync(join(__dirname, 'README.md'), 'utf8');

/** The program of the README, for a server at `url`. */
const program = (url: string): string => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(README) ?? [];
  return code.replace(/backendUrl: '[^']*'/, `backendUrl: '${url}'`);
};

describe('The program of the README, as a process', () => {
  let folder: string;
  let server: WireServer;
  const processes: ChildProcess[] = [];
  let output = '';

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-readme-'));
    const installed = join(folder, 'node_modules', '@opstage', 'agent');
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'package.json'), '{"type":"module","exports":"./index.js"}');
    writeFileSync(join(installed, 'index.js'), `export * from '${pathToFileURL(join(__dirname, 'index.ts')).href}';`);
    server = await WireServer.start();
    output = '';
  });

  afterEach(async () => {
    for (const child of processes.splice(0)) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const run = (code = program(server.url)): ChildProcess => {
    const file = join(folder, `service-${processes.length}.mjs`);
    writeFileSync(file, code);
    const env = { ...process.env, OPSTAGE_REGISTRATION_TOKEN: REGISTRATION_TOKEN };
    const options = ['--conditions=source', `--import=${HOOKS}`, file];
    const child = spawn(process.execPath, options, { env, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    processes.push(child);
    return child;
  };
  const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;
  const says = (text: string) => eventually(text, () => output.includes(text));
  const restart = async () => {
    const { port, agentTokens } = server;
    await server.stop();
    return async () => {
      server = await WireServer.start(port);
      agentTokens.forEach((token) => server.agentTokens.add(token));
    };
  };

  it('lives while the server is away, at the start and later, and ends when it is asked to', async () => {
    const comeBack = await restart();
    const service = run();
    await says('The agent keeps trying.');
    await comeBack();
    await eventually('the agent', () => server.callsOf('heartbeat').length > 0);
    expect(readdirSync(join(folder, 'data'))).toContain('orders-1.agent-token.json');
    const comeBackAgain = await restart();
    await eventually('the second outage', () => output.split('The agent keeps trying.').length > 2, 60_000);
    expect(isRunning(service)).toBe(true);
    await comeBackAgain();
    await eventually('the agent', () => server.callsOf('heartbeat').length > 0);
    const exited = once(service, 'exit');
    service.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(existsSync(join(folder, 'data', 'orders-1.agent-token.lock'))).toBe(false);
  });

  it('lives when the server refuses it, unless it was told not to', async () => {
    server.registrationTokens.clear();
    const service = run();
    await says('Create a new registration token');
    expect(isRunning(service)).toBe(true);
    const other = run(
      program(server.url).replace("agent: { code: 'orders-1'", "keepAlive: false, agent: { code: 'orders-2'"),
    );
    expect(await once(other, 'exit')).toEqual([0, null]);
  });

  it('waits, and says so, while another process of it runs in the same folder, also after a crash', async () => {
    const first = run();
    await eventually('the agent', () => server.callsOf('heartbeat').length > 0);
    run();
    await says(`in use by process ${first.pid}`);
    const calls = server.callsOf('poll').length;
    first.kill('SIGKILL');
    await eventually('the second', () => server.callsOf('poll').length > calls);
    expect(server.callsOf('register')).toHaveLength(1);
  });

  it('leaves the token of another agent in the same folder alone', async () => {
    run();
    await eventually('the agent', () => server.callsOf('heartbeat').length > 0);
    server.registrationTokens.add(REGISTRATION_TOKEN);
    run(program(server.url).replace('orders-1', 'billing-1'));
    await eventually('the other agent', () => server.callsOf('register').length > 1);
    const token = (code: string) => join(folder, 'data', `${code}.agent-token.json`);
    await eventually('its token', () => existsSync(token('billing-1')));
    expect(JSON.parse(readFileSync(token('orders-1'), 'utf8'))).toMatchObject({ agentCode: 'orders-1' });
  });

  it('keeps using the token file of an earlier version, if it is its own', async () => {
    const stored = {
      agentId: 'agt_1',
      agentToken: 'opstage_agent_stored',
      agentCode: 'orders-1',
      backendUrl: server.url,
    };
    mkdirSync(join(folder, 'data'));
    writeFileSync(join(folder, 'data', 'agent-token.json'), JSON.stringify(stored));
    server.agentTokens.add(stored.agentToken);
    run();
    await eventually('the agent', () => server.callsOf('heartbeat').length > 0);
    expect(server.callsOf('register')).toEqual([]);
  });
});

describe('The package', () => {
  it('names its own version to servers', () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(SDK_VERSION).toBe(version);
  });
});
