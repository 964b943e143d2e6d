import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '../../testing/index.js';
import { aCommand } from '../testing/test-bench.js';
import { WireServer, refuse } from '../testing/wire-server.js';

const TESTING = join(__dirname, '..', 'testing');

describe('A service that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-crash-'));
  let home: string;
  let server: WireServer;
  let service: ChildProcess | null = null;

  beforeEach(async () => {
    home = mkdtempSync(join(folder, 'service-'));
    server = await WireServer.start();
  });

  afterEach(async () => {
    await kill();
    await server.stop();
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const start = () => {
    const hooks = pathToFileURL(join(__dirname, '..', '..', 'testing', 'run-typescript.mjs')).href;
    const script = join(TESTING, 'crashing-service.ts');
    const options = ['--conditions=source', `--import=${hooks}`, script, server.url, home];
    service = spawn(process.execPath, options, { stdio: ['ignore', 'ignore', 'inherit'] });
  };

  const kill = async () => {
    if (service?.exitCode !== null || service.signalCode !== null) return;
    const exited = once(service, 'exit');
    service.kill('SIGKILL');
    await exited;
  };

  const runs = () => {
    const path = join(home, 'runs');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  };
  /** The content of a file; one that is being replaced may be missing for a moment. */
  const contentOf = (name: string): string => {
    try {
      return readFileSync(join(home, name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return '';
    }
  };
  const onDisk = () =>
    readdirSync(home)
      .filter((name) => name !== 'runs')
      .map(contentOf)
      .join('');
  const resultOf = ({ id }: { readonly id: string }) => eventually('the result', () => server.results.get(id));

  /** Proves that the service accepts commands again. */
  const works = async () => {
    const command = aCommand();
    server.give(command);
    expect(await resultOf(command)).toMatchObject({ success: true, data: { done: true } });
  };

  it('during a handler reports that when it is back, and never runs the command again', async () => {
    const command = aCommand({ actionName: 'hang' });
    server.give(command);
    start();
    await eventually('the handler', () => runs().includes(command.id));
    await kill();
    server.give(command);
    start();
    expect(await resultOf(command)).toMatchObject({
      success: false,
      error: {
        code: 'AGENT_RESTARTED',
        message: 'The service restarted while running this command; it is unknown whether it took effect.',
      },
      startedAt: expect.stringMatching(/Z$/) as string,
    });
    await works();
    expect(server.commands).toEqual([]);
    expect(runs().filter((id) => id === command.id)).toHaveLength(1);
  });

  it('before it delivered a result sends it when it is back, without running the command again', async () => {
    server.answerAlways('result', () => refuse(503, 'SERVICE_UNAVAILABLE'));
    const command = aCommand();
    server.give(command);
    start();
    await eventually('a refused result', () => onDisk().includes('"finished"') && server.callsOf('result').length > 0);
    await kill();
    expect(server.results.size).toBe(0);
    server.answerAlways('result', null);
    server.give(command);
    start();
    expect(await resultOf(command)).toMatchObject({ success: true, data: { done: true } });
    await works();
    expect(runs().filter((id) => id === command.id)).toHaveLength(1);
  });

  it('does not store a secret for that', async () => {
    server.answerAlways('result', () => refuse(503, 'SERVICE_UNAVAILABLE'));
    const command = aCommand({ actionName: 'rotate' });
    server.give(command);
    start();
    await eventually('a refused result', () => onDisk().includes('"finished"') && server.callsOf('result').length > 0);
    expect(JSON.stringify(server.callsOf('result')[0]?.body)).toContain('canary-key');
    expect(onDisk()).not.toContain('canary-key');
    await kill();
    server.answerAlways('result', null);
    start();
    expect(await resultOf(command)).toMatchObject({
      success: false,
      error: { code: 'AGENT_RESTARTED', message: expect.stringContaining('The action succeeded, but') as string },
    });
  });

  it('after it delivered everything sends nothing when it is back, and still runs nothing twice', async () => {
    start();
    const command = aCommand();
    server.give(command);
    await resultOf(command);
    await eventually('the entry', () => onDisk().includes('"settled"'));
    await kill();
    const { length } = server.callsOf('result');
    start();
    server.give(command);
    await works();
    expect(runs().filter((id) => id === command.id)).toHaveLength(1);
    expect(server.callsOf('result')).toHaveLength(length + 1);
  });
});
