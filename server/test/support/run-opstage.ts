import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
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
  /** What is typed into it. */
  readonly input?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** Runs the operator's command line in a process of its own, on the installation at this place. */
export const runOpstage = async (
  { folder, database }: Pick<TestPlace, 'folder' | 'database'>,
  args: readonly string[],
  { input = '', settings = {} }: RunOptions = {},
): Promise<OpstageRun> => {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OPSTAGE_'));
  const env = {
    ...Object.fromEntries(inherited),
    OPSTAGE_DATA_DIR: folder,
    DATABASE_URL: database.config.kind === 'sqlite' ? `file:${database.config.file}` : database.config.url,
    OPSTAGE_SESSION_SECRET: TEST_SECRET,
    OPSTAGE_ADMIN_USERNAME: 'owner',
    OPSTAGE_ADMIN_PASSWORD: 'correct horse battery',
    ...settings,
  };
  const program = spawn(process.execPath, ['--conditions=source', `--import=${HOOKS}`, PROGRAM, ...args], { env });
  program.stdin.end(input);
  const [output, errors, [code]] = await Promise.all([
    text(program.stdout),
    text(program.stderr),
    once(program, 'close') as Promise<[number | null]>,
  ]);
  return { code, output, errors };
};
