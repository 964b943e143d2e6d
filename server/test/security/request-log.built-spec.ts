import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { anAgentDescription, eventually, TestAgent, TestOperator } from '#testing';
import { BuiltServer, OWNER } from '../support/built-server.js';
import { aText } from '../support/matchers.js';

const WRONG_PASSWORD = 'a wrong password, typed by hand';
const GENERATED = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface LogLine {
  readonly level: number;
  readonly msg?: string;
  readonly req?: { readonly id: string; readonly method: string; readonly path: string };
  readonly res?: { readonly statusCode: number };
  readonly err?: { readonly type: string; readonly message: string; readonly stack: string; readonly code?: string };
}

describe('the request log (ASVS 5.0 16.2.1, 16.2.5)', () => {
  let folder: string;
  let server: BuiltServer;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-log-'));
    server = await BuiltServer.start(join(folder, 'data'), { OPSTAGE_LOG_LEVEL: 'trace', NODE_ENV: 'production' });
  });
  afterAll(async () => {
    await server.program.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const withId = (id: string, more: Readonly<Record<string, string>> = {}) => ({
    headers: { 'x-request-id': id, ...more },
  });

  /** Waits for the last log line of this request; returns all its lines. */
  const linesOf = async (id: string): Promise<readonly LogLine[]> => {
    const read = (): readonly LogLine[] =>
      server.program.output
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as LogLine)
        .filter(({ req }) => req?.id === id);
    await eventually(`the request ${id} is logged`, () => read().some(({ res }) => res !== undefined));
    return read();
  };

  it('uses the request id the caller sent, which the answer repeats', async () => {
    const answer = await server.api.get('/api/system/version?token=in-the-query', withId('given-1'));
    expect(answer.headers.get('x-request-id')).toBe('given-1');
    expect(await linesOf('given-1')).toEqual([
      expect.objectContaining({
        req: { id: 'given-1', method: 'GET', path: '/api/system/version' },
        res: { statusCode: 200 },
      }),
    ]);
  });

  it('generates a request id when the caller sent none or an invalid one', async () => {
    for (const options of [{}, withId('two words'), withId('x'.repeat(65)), withId('{"level":60}')]) {
      const answer = await server.api.get('/api/admin/no/such/path', options);
      const id = answer.headers.get('x-request-id') ?? '';
      expect(id).toMatch(GENERATED);
      const [line] = await linesOf(id);
      expect(line).toMatchObject({ req: { path: '/api/admin/no/such/path' }, res: { statusCode: 404 } });
    }
  });

  it('contains the stack of a failure under the request id of its answer', async () => {
    const owner = await TestOperator.signIn(server.api, OWNER.username, OWNER.password);
    const database = new BetterSqlite3(join(server.dataDir, 'opstage.db'));
    database.exec('ALTER TABLE passkeys RENAME TO passkeys_elsewhere');
    const read = owner.get('/api/admin/auth/passkeys', withId('failed-1'));
    const beside = server.api.get('/health', withId('beside-1'));
    const { message } = await read.expectError(500, 'INTERNAL_ERROR');
    expect(message).not.toContain('passkeys');
    expect((await read).headers.get('x-request-id')).toBe('failed-1');
    await beside;
    database.exec('ALTER TABLE passkeys_elsewhere RENAME TO passkeys');
    database.close();
    const lines = await linesOf('failed-1');
    expect(lines.filter(({ level }) => level >= 50).map(({ req }) => req?.id)).toContain('failed-1');
    const [explained] = lines;
    expect(explained?.err).toEqual({
      type: 'QueryFailedError',
      message: aText(),
      stack: aText(),
      code: 'SQLITE_ERROR',
    });
    expect(explained?.err?.stack).toContain('\n    at ');
    expect((await linesOf('beside-1')).filter(({ err }) => err !== undefined)).toEqual([]);
  });

  it('contains no header, cookie, query or body, so no token, password or session', async () => {
    const owner = await TestOperator.signIn(server.api, OWNER.username, OWNER.password);
    const { token } = await owner.createToken();
    const agent = await TestAgent.register(server.api, { registrationToken: token, agent: anAgentDescription() });
    const bearer = { authorization: `Bearer ${agent.token}` };
    await server.api.post(`/api/agents/${agent.id}/heartbeat`, {}, withId('beat-1', bearer)).expectOk();
    await server.api.post('/api/agents/agt_1/heartbeat', {}, withId('beat-2', bearer));
    const wrong = { username: OWNER.username, password: WRONG_PASSWORD };
    await server.api.post('/api/admin/auth/login', wrong, withId('login-1')).expectError(401, 'UNAUTHORIZED');
    await server.api.get('/health?secret=in-the-query', withId('query-1'));
    await owner.get('/api/admin/auth/me', withId('me-1')).expectOk();
    for (const id of ['beat-1', 'beat-2', 'login-1', 'query-1', 'me-1']) expect(await linesOf(id)).not.toHaveLength(0);
    const sessionValue = decodeURIComponent(owner.cookie.split('=')[1]!);
    const secrets = [
      token,
      agent.token,
      OWNER.password,
      WRONG_PASSWORD,
      sessionValue,
      sessionValue.replace(/^s:/, '').split('.')[0]!,
      owner.session.csrfToken,
      'in-the-query',
    ];
    for (const secret of secrets) expect(server.program.output).not.toContain(secret);
    expect(server.program.output).not.toMatch(/authorization|cookie|x-csrf-token/i);
  });
});
