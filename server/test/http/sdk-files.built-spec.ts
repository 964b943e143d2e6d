import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerUnderTest } from '#testing';

interface Index {
  readonly recommended: string;
  readonly files: readonly { readonly file: string; readonly name: string; readonly integrity: string }[];
}

describe('the SDK that a server gives out', () => {
  let folder: string;
  let server: ServerUnderTest;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-sdk-'));
    server = await ServerUnderTest.start({ dataDir: join(folder, 'data') });
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const get = (path: string, init?: RequestInit) => fetch(`${server.url}/sdk/${path}`, init);
  const index = async (): Promise<Index> => (await (await get('index.json')).json()) as Index;

  it('is named by an index, and kept for a year only under a name with its version', async () => {
    const { recommended, files } = await index();
    expect(files.map(({ name }) => name)).toEqual(['@opstage/agent', 'opstage_agent']);
    for (const { file } of files) {
      const answer = await get(file);
      expect([file, answer.status]).toEqual([file, 200]);
      const cached = file === recommended ? 'public, max-age=31536000, immutable' : 'no-cache';
      expect(answer.headers.get('cache-control')).toBe(cached);
    }
  });

  it('answers HEAD and a part of a file, and nothing that it does not list', async () => {
    const { recommended } = await index();
    expect((await get(recommended, { method: 'HEAD' })).headers.get('content-length')).toMatch(/^\d{4,}$/);
    const part = await get(recommended, { headers: { range: 'bytes=0-1' } });
    expect([part.status, Buffer.from(await part.arrayBuffer()).toString('hex')]).toEqual([206, '1f8b']);
    for (const path of ['nothing.tgz', '..%2fserver%2fmain.js', 'npm/express', '']) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 404]);
      expect(await answer.json()).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } });
    }
    expect((await get('index.json', { method: 'POST' })).status).toBe(404);
  });

  it('is installed by npm from its address, and from the server as the registry of its scope, with its digest', async () => {
    const { recommended, files } = await index();
    for (const [name, wanted, npmrc] of [
      ['by-address', `${server.url}/sdk/${recommended}`, 'registry=http://127.0.0.1:9/\n'],
      ['by-scope', '@opstage/agent', `registry=http://127.0.0.1:9/\n@opstage:registry=${server.url}/sdk/npm/\n`],
    ] as const) {
      const project = join(folder, name);
      mkdirSync(project);
      writeFileSync(join(project, '.npmrc'), npmrc);
      writeFileSync(join(project, 'package.json'), '{}');
      const env = { PATH: process.env.PATH, HOME: project, npm_config_cache: join(project, 'cache') };
      execFileSync('npm', ['install', '--no-audit', '--no-fund', wanted], { cwd: project, env, stdio: 'pipe' });
      expect(readFileSync(join(project, 'package-lock.json'), 'utf8')).toContain(files[0]?.integrity);
    }
  });
});
