import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '#contracts';
import { codeBlock } from '../docs/code-blocks.js';
import { OWNER, startTestApp, type TestApp } from '../support/start-test-app.js';

const PAGE = 'docs/reference/rest-api.md';
const ROOT = join(__dirname, '..', '..', '..');
const MODULES = join(ROOT, 'node_modules');
const run = promisify(execFile);

/** As strict as TypeScript can be. */
const STRICT = {
  target: 'es2023',
  lib: ['es2024', 'dom', 'dom.iterable'],
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  types: ['node'],
  outDir: 'out',
};

describe('a client generated from the API description', () => {
  let app: TestApp;
  let folder: string;
  const node = (...args: readonly string[]) => run(process.execPath, args, { cwd: folder });

  beforeAll(async () => {
    app = await startTestApp();
    folder = mkdtempSync(join(tmpdir(), 'opstage-client-'));
    symlinkSync(MODULES, join(folder, 'node_modules'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'openapi.json'), (await app.api.get('/api/openapi.json')).text);
    for (const name of ['agent.ts', 'operator.ts']) writeFileSync(join(folder, name), codeBlock(PAGE, `// ${name}`));
    const files = ['agent.ts', 'operator.ts'];
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: STRICT, files }));
    await node(join(MODULES, 'openapi-typescript', 'bin', 'cli.js'), 'openapi.json', '-o', 'opstage.d.ts');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('compiles strictly, and is an agent and an operator', async () => {
    await node(join(MODULES, 'typescript', 'bin', 'tsc'), '-p', '.').catch((error: unknown) => {
      throw new Error((error as { stdout?: string }).stdout ?? String(error));
    });
    const { token } = await (await app.signIn('operator')).createToken();
    const [agent, operator] = await Promise.all([
      node('out/agent.js', app.api.baseUrl, token),
      node('out/operator.js', app.api.baseUrl, OWNER.username, OWNER.password),
    ]);
    expect(agent.stdout).toBe('Ran reindex.\n');
    expect(operator.stdout).toMatch(/^opstage_reg_\S+\n\{ shelves: 3 \}\n$/);
    const owner = await app.signIn('owner');
    const { data } = await owner.get('/api/admin/commands').expectPage<Command>();
    expect(data).toMatchObject([{ actionName: 'reindex', status: 'SUCCEEDED', createdByUsername: OWNER.username }]);
  });
});
