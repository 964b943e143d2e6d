import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient } from './http-client.mjs';
import { startProgram } from './programs.mjs';

const FIRST_PORT = 20_000;
const PORTS = 12_000;

/** A free port below 32768, where no outgoing connection can take it meanwhile. */
const freePort = async () => {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    const isFree = await new Promise((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
};

/** An installation of its own in a temporary folder, as `npm start` and `npm run demo` would have it in this one. */
export class Installation {
  /** What must never rest or be printed in the clear. */
  secrets = new Set();
  password = '';

  static async make() {
    return new Installation(mkdtempSync(join(tmpdir(), 'opstage-smoke-')), await freePort());
  }

  constructor(folder, port) {
    this.folder = folder;
    this.port = port;
    this.dataDir = join(folder, 'data');
    this.url = `http://127.0.0.1:${port}`;
    this.anybody = new HttpClient(this.url);
  }

  get settings() {
    return {
      OPSTAGE_PORT: String(this.port),
      OPSTAGE_AGENT_HEARTBEAT_INTERVAL_SECONDS: '1',
      OPSTAGE_COMMAND_POLL_INTERVAL_SECONDS: '1',
    };
  }

  /** Runs what `npm start` runs. */
  startServer(settings = {}) {
    return startProgram('scripts/start.mjs', { folder: this.folder, settings: { ...this.settings, ...settings } });
  }

  /** Runs what `npm run demo` runs. */
  startDemo() {
    return startProgram('scripts/demo.mjs', { folder: this.folder, settings: this.settings });
  }

  /** Files and folders of the data directory, itself included, as `{path, mode}`. */
  storedFiles() {
    const names = readdirSync(this.dataDir, { recursive: true });
    return [this.dataDir, ...names.map((name) => join(this.dataDir, name))].map((path) => {
      const stats = statSync(path);
      return { path, isFolder: stats.isDirectory(), mode: (stats.mode & 0o777).toString(8) };
    });
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
