import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../testing/index.js';
import { truncate } from '../base/line-buffer.js';
import { isSecretName, sealedNamesOf } from '../base/secret-names.js';
import { Secrets } from '../base/secrets.js';
import { FileTokenStore } from '../connection/token-store.js';
import { TestBench, aCommand } from '../testing/test-bench.js';
import { refuse } from '../testing/wire-server.js';

const SCHEMA = {
  type: 'object',
  properties: {
    answer: { type: 'string', format: 'password' },
    seeds: { type: 'array', items: { $ref: '#/$defs/sealed' } },
    pin: { type: 'integer' },
    name: { type: 'string' },
  },
  $defs: { sealed: { type: 'string', writeOnly: true } },
};
const PAYLOAD = {
  answer: 'hush "quoted" & one',
  seeds: ['hush-seed', 'k7'],
  database: { password: 'hush-line-number-1\nhush-line-number-2' },
  pin: 4711,
  name: 'Orders',
};

describe('The secrets that a form took', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-secrets-'));
  let bench: TestBench;
  let path: string;

  beforeEach(async () => {
    bench = await TestBench.open();
    path = join(mkdtempSync(join(folder, 'agent-')), 'agent-token.json');
  });

  afterEach(() => bench.close());

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each<[string, (said: string) => unknown]>([
    ['a message and data', (said) => ({ message: said, data: { [said]: [said, 4711, { deep: said }] } })],
    ['an error', (said) => Promise.reject(Object.assign(new Error(said, { cause: new Error(said) }), { code: said }))],
    ['a returned failure', (said) => ({ success: false, error: { code: 'X', message: said, at: said } })],
  ])('come back neither in %s, nor in logs, progress or the journal', async (_, end) => {
    bench.server.answerAlways('result', () => refuse(503, 'SERVICE_UNAVAILABLE'));
    const command = aCommand({ payload: PAYLOAD });
    bench.server.give(command);
    const { logs } = await bench.start({ tokenStore: new FileTokenStore(path) }, (agent) =>
      agent.action({ name: 'work', label: 'Work', inputSchema: SCHEMA }, async ({ payload, log, progress }) => {
        const { answer, seeds, database } = payload as typeof PAYLOAD;
        const url = `https://me:${encodeURIComponent(answer)}@host`;
        const said = [
          answer,
          ...seeds,
          ...database.password.split('\n'),
          JSON.stringify(payload),
          url,
          'PIN 4711',
        ].join(' ');
        log(said, { said });
        progress(50, said);
        await eventually('progress', () => bench.server.progressOf(command.id).length);
        return end(said);
      }),
    );
    await eventually('an attempt', () => bench.server.callsOf('result').length);
    const sent = [...bench.server.callsOf('result'), ...bench.server.callsOf('progress')].map(({ body }) => body);
    const onDisk = readdirSync(join(path, '..')).map((name) => readFileSync(join(path, '..', name), 'utf8'));
    const everything = JSON.stringify([sent, logs, onDisk]);
    for (const secret of ['quoted', 'hush', 'k7', '4711']) expect(everything).not.toContain(secret);
    expect(everything).toContain('[REDACTED]');
    expect(everything).toContain('Orders');
  });

  it('and neither does a generated key where it is repeated', async () => {
    const command = aCommand();
    bench.server.give(command);
    await bench.start({}, (agent) =>
      agent.action({ name: 'work', label: 'Work' }, ({ log }) => {
        log('Made canary-key.');
        return { message: 'It is canary-key.', data: { generatedKey: 'canary-key', hint: 'canary-key, once' } };
      }),
    );
    expect(await eventually('the result', () => bench.server.results.get(command.id))).toMatchObject({
      message: 'It is [REDACTED].',
      data: { generatedKey: 'canary-key', hint: '[REDACTED], once' },
    });
    expect(bench.server.progressOf(command.id).flatMap(({ log }) => log)).toEqual(['Made [REDACTED].']);
  });

  it('are also those that a schema of a preparation seals', async () => {
    const inputSchema = { type: 'object', properties: { phrase: { type: 'string', format: 'password' } } };
    const prepare = aCommand({ type: 'ACTION_PREPARE' });
    const command = aCommand({ payload: { phrase: 'canary' } });
    await bench.start({}, (agent) =>
      agent.action({ name: 'work', label: 'Work', prepare: () => ({ inputSchema }) }, ({ payload }) => ({
        ...payload,
      })),
    );
    bench.server.give(prepare);
    await eventually('the preparation', () => bench.server.results.get(prepare.id));
    bench.server.give(command);
    expect(await eventually('the result', () => bench.server.results.get(command.id))).toMatchObject({
      data: { phrase: '[REDACTED]' },
    });
  });
});

describe('A text that was cut off within a secret', () => {
  it('does not show its beginning', () => {
    const secrets = new Secrets();
    secrets.add('canary-secret');
    expect(secrets.mask(truncate('It is canary-secret', 13))).toBe('It is [REDACTED]…');
  });
});

describe('isSecretName', () => {
  it.each(
    'password passwords password2 dbPassword DB_PASSWORD PGPASSWORD passwd pwd passphrase pass userPass secret clientSecret clientsecret token tokens accessToken accesstoken X-Auth-Token apiKey api_key private-key privatekey pin otp jwt dsn connectionString 密码 口令 令牌 ｐａｓｓｗｏｒｄ pass\u00adword credentials cookie authorization'.split(
      ' ',
    ),
  )('knows %s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each(
    'tokenCount tokenBucket tokenSymbol max_tokens passwordUpdatedAt passenger bypass compass pinned spin key primaryKey name secretary'.split(
      ' ',
    ),
  )('leaves %s', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe('sealedNamesOf', () => {
  it('ends on a schema that refers to itself', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' }, key: { $ref: '#/$defs/key' } } };
    expect([...sealedNamesOf({ $defs: { node, key: { writeOnly: true } }, $ref: '#/$defs/node' })]).toEqual(['key']);
  });
});
