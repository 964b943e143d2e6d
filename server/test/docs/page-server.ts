import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TestOperator } from '#testing';
import { environmentOf } from '../support/run-opstage.js';
import { aTestPlace, OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';
import { TEST_SECRET } from '../support/test-config.js';
import { BashSession } from './bash-session.js';
import type { CodeBlock } from './code-blocks.js';

const ROOT = join(__dirname, '..', '..', '..');
const HOOKS = pathToFileURL(join(ROOT, 'libs', 'testing', 'run-typescript.mjs')).href;
/** The address that every page assumes. */
const ADDRESS = 'http://127.0.0.1:8080';
const ADMIN = 'admin';

const FROM_SOURCES = ['--conditions=source', `--import=${HOOKS}`];

/** What a page needs: a server as after its first start, the command line, and a folder to work in. */
export class PageServer {
  readonly #processes: ChildProcess[] = [];

  private constructor(
    readonly app: TestApp,
    readonly folder: string,
    readonly shell: BashSession,
  ) {}

  /** The server, with an owner `admin` whose password is in `PASSWORD`, and `opstage` on the path as the host has it. */
  static async start(): Promise<PageServer> {
    // The command line and backups in files: pages show SQLite, whatever the other tests run on.
    const app = await startTestApp({ beside: await aTestPlace('sqlite'), config: { adminUsername: ADMIN } });
    const folder = mkdtempSync(join(tmpdir(), 'opstage-page-'));
    const bin = join(folder, '.bin');
    mkdirSync(bin);
    const program = [process.execPath, ...FROM_SOURCES, join(ROOT, 'server', 'src', 'cli', 'main.ts')];
    writeFileSync(join(bin, 'opstage'), `#!/bin/sh\nexec ${program.map((part) => `'${part}'`).join(' ')} "$@"\n`);
    chmodSync(join(bin, 'opstage'), 0o755);
    symlinkSync(app.folder, join(folder, 'data'));
    writeFileSync(join(app.folder, 'session-secret'), TEST_SECRET);
    mkdirSync(join(folder, 'elsewhere'));
    // A reader sees an error of the API; a script has to stop at it.
    writeFileSync(join(folder, '.curlrc'), 'fail-with-body\nshow-error\n');
    const inherited = Object.entries(environmentOf(app, {})).filter((entry): entry is [string, string] => !!entry[1]);
    const shell = new BashSession(folder, {
      ...Object.fromEntries(inherited),
      OPSTAGE_ADMIN_USERNAME: ADMIN,
      HOME: folder,
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      PASSWORD: OWNER.password,
      OFFSITE: join(folder, 'elsewhere'),
    });
    return new PageServer(app, folder, shell);
  }

  /** Runs a block of the page against this server. */
  run({ text }: CodeBlock): Promise<void> {
    return this.shell.run(text.replaceAll(ADDRESS, this.app.api.baseUrl));
  }

  /** The owner that the page signs in as. */
  owner(): Promise<TestOperator> {
    return TestOperator.signIn(this.app.api, ADMIN, OWNER.password);
  }

  /** Starts the demo service, which enrols itself. */
  async startDemo(): Promise<void> {
    const { token } = await (await this.owner()).createToken();
    const env = { ...process.env, OPSTAGE_BACKEND_URL: this.app.api.baseUrl, OPSTAGE_REGISTRATION_TOKEN: token };
    const args = [...FROM_SOURCES, join(ROOT, 'libs', 'demo', 'main.ts')];
    this.#processes.push(spawn(process.execPath, args, { cwd: this.folder, env, stdio: 'ignore' }));
  }

  async close(): Promise<void> {
    await this.shell.close();
    for (const child of this.#processes) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
