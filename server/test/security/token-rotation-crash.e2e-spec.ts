import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventually } from '#testing';
import type { ApiCall } from '#testing';
import { Database } from '../../src/database/database.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const TESTING = join(__dirname, '..', '..', '..', 'libs', 'agent', 'testing');
const NINETY_DAYS_SECONDS = 90 * 86_400;
const COUNT_ROTATIONS = `SELECT COUNT(*) AS count FROM audit_events WHERE action = 'agent.token.rotated'`;

interface Stored {
  readonly agentId: string;
  readonly agentToken: string;
}

/** A service built on the SDK, in a separate process that can be killed. */
class ServiceProcess {
  readonly folder: string;
  #process: ChildProcess | null = null;

  constructor(
    private readonly app: TestApp,
    private readonly registrationToken: string,
  ) {
    this.folder = join(app.folder, 'service');
    mkdirSync(this.folder);
  }

  start(): void {
    const hooks = pathToFileURL(join(TESTING, '..', '..', 'testing', 'run-typescript.mjs')).href;
    const args = [join(TESTING, 'rotating-service.ts'), this.app.api.baseUrl, this.folder, this.registrationToken];
    const options = ['--conditions=source', `--import=${hooks}`, ...args];
    this.#process = spawn(process.execPath, options, { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  async kill(): Promise<void> {
    if (this.#process?.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  /** The content of its token file. */
  stored(): Stored | null {
    const path = join(this.folder, 'agent-token.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Stored) : null;
  }

  file(name: string): string {
    return join(this.folder, name);
  }
}

describe('ASVS 13.3.4: an agent killed while it replaces its token', () => {
  let app: TestApp;
  let service: ServiceProcess;

  beforeEach(async () => {
    app = await startTestApp();
    app.clock.stop();
    const { token } = await (await app.signIn('operator')).createToken();
    service = new ServiceProcess(app, token);
  });

  afterEach(() => service.kill());

  const heartbeatWith = ({ agentId, agentToken }: Stored): ApiCall =>
    app.api.post(`/api/agents/${agentId}/heartbeat`, {}, { headers: { authorization: `Bearer ${agentToken}` } });

  const registered = async (): Promise<Stored> => {
    await eventually('the service has registered', () => service.stored() !== null);
    return service.stored()!;
  };

  /** Has the service replace its token, and kills it at this point. */
  const killAt = async (point: 'before' | 'after'): Promise<Stored> => {
    service.start();
    const first = await registered();
    writeFileSync(service.file(point), '');
    app.clock.advance(NINETY_DAYS_SECONDS);
    await eventually('the server has issued a new token', () => existsSync(service.file('hangs')));
    await service.kill();
    rmSync(service.file(point));
    return first;
  };

  const rotations = async (): Promise<number> => {
    const events = await app.nest.get(Database).query<{ count: number | string }>(COUNT_ROTATIONS, {});
    return Number(events[0]!.count);
  };

  it('before the new one is on its disk continues with the old one, and gets another', async () => {
    const first = await killAt('before');
    expect(service.stored()).toEqual(first);
    app.clock.advance(599);
    service.start();
    await eventually('the service has another token', () => service.stored()?.agentToken !== first.agentToken);
    await eventually('the old one has ended', async () => (await heartbeatWith(first)).status === 401);
    await heartbeatWith(service.stored()!).expectOk();
    expect(service.stored()!.agentId).toBe(first.agentId);
    expect(await rotations()).toBe(2);
  });

  it('after the new one is on its disk continues with the new one', async () => {
    const first = await killAt('after');
    const second = service.stored()!;
    expect(second.agentToken).not.toBe(first.agentToken);
    await heartbeatWith(first).expectOk();
    service.start();
    await eventually('the service uses the new one', async () => (await heartbeatWith(first)).status === 401);
    await heartbeatWith(second).expectOk();
    expect(service.stored()).toEqual(second);
    expect(await rotations()).toBe(1);
  });
});
