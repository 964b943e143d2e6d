import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { ApiClient, eventually, freePort } from '#testing';
import { spawnOpstage } from '../support/run-opstage.js';
import { aTestPlace, type TestPlace } from '../support/start-test-app.js';
import { TEST_SECRET } from '../support/test-config.js';

const ROOT = join(__dirname, '..', '..', '..');
const HOOKS = pathToFileURL(join(ROOT, 'libs', 'testing', 'run-typescript.mjs')).href;
const SERVER = join(ROOT, 'server', 'src', 'main.ts');
const START_MS = 30_000;

jest.setTimeout(90_000);

const started: ChildProcess[] = [];

/** Starts a server in a separate process on its own port. */
const launch = async ({ folder, database }: TestPlace) => {
  const port = await freePort();
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OPSTAGE_'));
  const env = {
    ...Object.fromEntries(inherited),
    OPSTAGE_DATA_DIR: folder,
    DATABASE_URL: `file:${database.config.file}`,
    OPSTAGE_SESSION_SECRET: TEST_SECRET,
    OPSTAGE_PORT: String(port),
  };
  const child = spawn(process.execPath, ['--conditions=source', `--import=${HOOKS}`, SERVER], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const [output, errors] = [text(child.stdout), text(child.stderr)];
  const ended = once(child, 'close') as Promise<[number | null]>;
  const api = new ApiClient(`http://127.0.0.1:${port}`);
  const isReady = async (): Promise<boolean> => {
    try {
      return (await api.get('/health')).status === 200;
    } catch {
      // Not listening yet.
      return false;
    }
  };
  return {
    child,
    ready: () => eventually('the server answers', isReady, START_MS),
    result: async () => ({ code: (await ended)[0], output: await output, errors: await errors }),
  };
};

afterAll(async () => {
  const running = started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  for (const child of running) {
    const ended = once(child, 'close');
    child.kill('SIGKILL');
    await ended;
  }
});

it('only one server at a time uses a SQLite database; host commands may, and so may a server after a crash', async () => {
  const place = await aTestPlace('sqlite');
  const first = await launch(place);
  await first.ready();

  const second = await (await launch(place)).result();
  expect(second.code).toBe(75);
  const lastLine = second.errors.trimEnd().split('\n').at(-1);
  expect(lastLine).toMatch(
    `Another Opstage CE server uses the database ${place.database.config.file}. Stop it first (process ${first.child.pid} on ${hostname()}, since 20`,
  );

  const command = await spawnOpstage(place, ['tokens', 'create', '--name', 'beside the server']);
  expect(command).toMatchObject({ code: 0, errors: '' });

  const crashed = once(first.child, 'close');
  first.child.kill('SIGKILL');
  await crashed;
  const third = await launch(place);
  await third.ready();
  third.child.kill('SIGTERM');
  expect((await third.result()).code).toBe(0);
});
