import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import { runProgram } from '../../src/cli/program.js';
import type { TestPlace } from './start-test-app.js';
import { TEST_SECRET } from './test-config.js';

const ROOT = join(__dirname, '..', '..', '..');
const HOOKS = pathToFileURL(join(ROOT, 'libs', 'testing', 'run-typescript.mjs')).href;
const PROGRAM = join(ROOT, 'server', 'src', 'cli', 'main.ts');

export interface OpstageRun {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

interface RunOptions {
  /** Standard input. */
  readonly input?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

type Installation = Pick<TestPlace, 'folder' | 'database'>;

/** All that a command on the host gets of the environment. */
export const environmentOf = (
  { folder, database }: Installation,
  settings: RunOptions['settings'],
): NodeJS.ProcessEnv => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OPSTAGE_'));
  return {
    ...Object.fromEntries(inherited),
    OPSTAGE_DATA_DIR: folder,
    DATABASE_URL: database.config.kind === 'sqlite' ? `file:${database.config.file}` : database.config.url,
    OPSTAGE_SESSION_SECRET: TEST_SECRET,
    OPSTAGE_ADMIN_USERNAME: 'owner',
    OPSTAGE_ADMIN_PASSWORD: 'correct horse battery',
    ...settings,
  };
};

/** Runs `opstage` on the installation at this place as a separate process, which takes about a second to start. */
export const spawnOpstage = async (
  place: Installation,
  args: readonly string[],
  { input = '', settings }: RunOptions = {},
): Promise<OpstageRun> => {
  const program = spawn(process.execPath, ['--conditions=source', `--import=${HOOKS}`, PROGRAM, ...args], {
    env: environmentOf(place, settings),
  });
  program.stdin.end(input);
  const [output, errors, [code]] = await Promise.all([
    text(program.stdout),
    text(program.stderr),
    once(program, 'close') as Promise<[number | null]>,
  ]);
  return { code, output, errors };
};

/** Thrown in place of `process.exit`, so that nothing of the program runs after it. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** Replaces these properties of `process`; returns the function that restores them. */
const replaceInProcess = (replacements: Partial<Record<keyof NodeJS.Process, unknown>>): (() => void) => {
  const names = Object.keys(replacements) as (keyof NodeJS.Process)[];
  const own = names.map((name) => Object.getOwnPropertyDescriptor(process, name));
  for (const name of names) {
    Object.defineProperty(process, name, { value: replacements[name], configurable: true, writable: true });
  }
  return () => {
    names.forEach((name, i) => {
      if (own[i]) Object.defineProperty(process, name, own[i]);
    });
  };
};

/** Does the same as {@link spawnOpstage} in the test process, and covers everything but the lines of `main.ts`. */
export const runOpstage = async (
  place: Installation,
  args: readonly string[],
  { input = '', settings }: RunOptions = {},
): Promise<OpstageRun> => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(stdout), text(stderr)]);
  const exit = (code?: number): never => {
    throw new Exit(code ?? 0);
  };
  const restore = replaceInProcess({
    env: environmentOf(place, settings),
    stdin: Readable.from(input === '' ? [] : [input]),
    stdout,
    stderr,
    exit,
    exitCode: 0,
  });
  const umask = process.umask(0o077);
  let code: number;
  try {
    await runProgram(args);
    code = Number(process.exitCode);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    ({ code } = error);
  } finally {
    process.umask(umask);
    restore();
    stdout.end();
    stderr.end();
    // The program turns error logging on for the whole process; the tests' servers stay quiet.
    Logger.overrideLogger(false);
  }
  const [output, errors] = await printed;
  return { code, output, errors };
};
