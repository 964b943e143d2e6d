import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '#testing';
import { aCommand } from '../agent/testing/test-bench.js';
import { REGISTRATION_TOKEN, WireServer } from '../agent/testing/wire-server.js';

const HOOKS = pathToFileURL(join(__dirname, '..', 'testing', 'run-typescript.mjs')).href;

describe('The demo as a process', () => {
  let folder: string;
  let server: WireServer;
  let demo: ChildProcess;
  let exited: Promise<unknown[]>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-demo-'));
    server = await WireServer.start();
    server.longPollSeconds = 25;
    const env = {
      ...process.env,
      OPSTAGE_BACKEND_URL: server.url,
      OPSTAGE_REGISTRATION_TOKEN: REGISTRATION_TOKEN,
      OPSTAGE_AGENT_TOKEN_FILE: join(folder, 'agent-token.json'),
    };
    const options = ['--conditions=source', `--import=${HOOKS}`, join(__dirname, 'main.ts')];
    demo = spawn(process.execPath, options, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    exited = once(demo, 'exit');
  });

  afterEach(async () => {
    demo.kill('SIGKILL');
    await exited;
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const parked = () => eventually('a held poll', () => server.parkedPolls.count === 1);

  /** Has it begin what takes ten seconds. */
  const startLongCommand = async () => {
    await parked();
    const command = aCommand({ serviceCode: 'demo-service', actionName: 'rebuildIndex' });
    server.give(command);
    await eventually('progress', () => server.progressOf(command.id).some(({ percent }) => percent !== undefined));
  };

  it('stops on request, even while it waits for commands', async () => {
    await parked();
    demo.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(server.parkedPolls.abandonedCount).toBe(1);
  });

  it('treats a ctrl-C that arrives twice as one, and stops immediately on a later one', async () => {
    await startLongCommand();
    const begun = performance.now();
    demo.kill('SIGINT');
    const asking = setInterval(() => demo.kill('SIGINT'), 100);
    const [code, signal] = await exited;
    clearInterval(asking);
    expect(performance.now() - begun).toBeGreaterThan(1000);
    expect({ code: code, signal: signal }).toEqual({ code: 1, signal: null });
  });
});
