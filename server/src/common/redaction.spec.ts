import fc from 'fast-check';
import type { Json } from '#contracts';
import { isSecretKey, redactJson, redactObject, redactSchema, redactText } from './redaction.js';

describe('redaction', () => {
  it.each([
    'password',
    'Password',
    'dbPassword',
    'db_password',
    'X-Auth-Token',
    'apiKey',
    'API_KEY',
    'apikey',
    'clientSecret',
    'Authorization',
    'set-cookie',
    'HTTPAuthorization',
    'privateKey',
    'generatedKey',
  ])('treats %s as a secret', (key) => {
    expect(isSecretKey(key)).toBe(true);
  });

  it.each([
    'tokenCount',
    'token_count',
    'passwordUpdatedAt',
    'secretRef',
    'key',
    'keyboard',
    'tokenize',
    'author',
    'cookieless',
    'monkey',
  ])('leaves %s alone', (key) => {
    expect(isSecretKey(key)).toBe(false);
  });

  it('redacts at any depth, lists included, and keeps the rest', () => {
    expect(redactObject({ a: [{ password: 'x', tokenCount: 3 }], b: { c: { apiKey: 'k' } }, d: null })).toEqual({
      a: [{ password: '[REDACTED]', tokenCount: 3 }],
      b: { c: { apiKey: '[REDACTED]' } },
      d: null,
    });
  });

  it('redacts a whole object under a secret name', () => {
    expect(redactObject({ credentials: { user: 'u', pin: '1' } })).toEqual({ credentials: '[REDACTED]' });
  });

  it('keeps empty values and flags, which show that nothing is set', () => {
    expect(redactObject({ password: '', token: null, secret: false })).toEqual({
      password: '',
      token: null,
      secret: false,
    });
  });

  it('keeps a count of secrets, and no number that is a secret', () => {
    expect(redactObject({ revokedTokens: 2, tokens: ['x'], pin: 1, cardPin: 1234, password: 1234 })).toEqual({
      revokedTokens: 2,
      tokens: '[REDACTED]',
      pin: 1,
      cardPin: '[REDACTED]',
      password: '[REDACTED]',
    });
  });

  it('redacts the value that another field of its object names', () => {
    const variables = [
      { name: 'DB_PASSWORD', value: 'x' },
      { key: 'SIZE', value: 'x' },
      { header: 'Authorization', value: ['x'], kind: 'header' },
    ];
    expect(redactObject({ env: variables })).toEqual({
      env: [
        { name: 'DB_PASSWORD', value: '[REDACTED]' },
        { key: 'SIZE', value: 'x' },
        { header: 'Authorization', value: '[REDACTED]', kind: 'header' },
      ],
    });
  });

  it('redacts a private key whose lines are the items of a list', () => {
    const lines = ['start', '-----BEGIN PRIVATE KEY-----', 'MIIE', 'abcd', '-----END PRIVATE KEY-----', 'all done'];
    expect(redactJson(lines)).toEqual(['start', '[REDACTED]', '[REDACTED]', '[REDACTED]', '[REDACTED]', 'all done']);
  });

  it('redacts by shape anywhere in a text', () => {
    const agentToken = `opstage_agent_${'a'.repeat(43)}`;
    expect(redactText(`used ${agentToken}.`)).toBe('used [REDACTED].');
    expect(redactText('Authorization: Bearer abcdefghijkl')).toBe('Authorization: [REDACTED]');
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----';
    expect(redactText(`x ${pem} y`)).toBe('x [REDACTED] y');
    expect(redactText('-----BEGIN PRIVATE KEY-----\ncut off')).toBe('[REDACTED]');
    expect(redactJson([`Bearer ${agentToken}`])).toEqual(['Bearer [REDACTED]']);
  });

  it('distinguishes a basic credential from a basic word', () => {
    expect(redactText('Authorization: Basic YWxhZGRpbjpvcGVuc2VzYW1l')).toBe('Authorization: [REDACTED]');
    expect(redactText('Basic YWRtaW46YWRtaW4=, sent')).toBe('[REDACTED], sent');
    expect(redactText('A basic understanding of Basic Inventory')).toBe('A basic understanding of Basic Inventory');
  });

  it('redacts a credential that was used as a key', () => {
    expect(redactObject({ [`opstage_reg_${'b'.repeat(43)}`]: 1 })).toEqual({ '[REDACTED]': 1 });
  });

  it('keeps a schema that describes a secret, without its values', () => {
    const schema = {
      type: 'object',
      properties: { password: { type: 'string', format: 'password', default: 'hunter2' }, size: { default: 3 } },
      required: ['password'],
    };
    const redacted = {
      type: 'object',
      properties: { password: { type: 'string', format: 'password', default: '[REDACTED]' }, size: { default: 3 } },
      required: ['password'],
    };
    expect(redactSchema(schema)).toEqual(redacted);
    expect(redactObject({ actions: [{ inputSchema: schema }] })).toEqual({ actions: [{ inputSchema: redacted }] });
  });

  it('keeps the choices of a schema, against which payloads are validated', () => {
    const schema = {
      properties: { credentials: { properties: { kind: { enum: ['basic', 'none'], default: 'none' } } } },
    };
    expect(redactSchema(schema)).toEqual({
      properties: { credentials: { properties: { kind: { enum: ['basic', 'none'], default: '[REDACTED]' } } } },
    });
  });

  it('is not slowed down by hostile text', () => {
    const text = `${'-----BEGIN PRIVATE KEY-----'.repeat(2_000)}${'Bearer '.repeat(50_000)}`;
    expect(redactText(text).length).toBeLessThan(text.length);
  });
});

const OPTIONS = { seed: 20_261_128, numRuns: 500 } as const;
/** In no generated text by chance, and in the alphabet of every token. */
const CANARY = 'Canary_7f3a9b2c51d8e6';

const secretKey = fc
  .tuple(
    fc.constantFrom('', 'db', 'user', 'X-', 'my_', 'nested.'),
    fc.constantFrom('password', 'secret', 'token', 'apiKey', 'api-key', 'cookie', 'Authorization', 'clientSecret'),
  )
  .map(([before, word]) =>
    before === 'db' || before === 'user'
      ? `${before}${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`
      : `${before}${word}`,
  );

const credential = fc.constantFrom(
  `opstage_reg_${CANARY}`,
  `opstage_agent_${CANARY}`,
  `Bearer ${CANARY}`,
  `bearer   ${CANARY}`,
  `-----BEGIN RSA PRIVATE KEY-----\n${CANARY}\n-----END RSA PRIVATE KEY-----`,
  `-----BEGIN PRIVATE KEY-----${CANARY}`,
);

/** JSON with a secret somewhere in it: under a key that names one, or inside a text. */
const withSecret: fc.Arbitrary<Json> = fc.letrec<{ node: Json; json: Json }>((tie) => ({
  json: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.tuple(secretKey, tie('json')).map(([key, value]): Json => ({ [key]: [CANARY, value], beside: value })),
    fc.tuple(fc.string(), credential, fc.string()).map(([before, text, after]): Json => `${before} ${text} ${after}`),
    fc.tuple(tie('json'), tie('node')).map(([json, node]): Json => [json, node]),
    fc.tuple(fc.string(), tie('node')).map(([key, node]): Json => ({ [key]: node })),
    credential.map((key): Json => ({ [key]: 1 })),
  ),
})).node;

const textOf = (value: unknown): string => JSON.stringify(value);

describe('redaction of any JSON (ASVS 5.0 14.2.1, 16.2.5)', () => {
  it('leaves no secret in any place', () => {
    fc.assert(
      fc.property(withSecret, (json) => {
        expect(textOf(redactJson(json))).not.toContain(CANARY);
        expect(textOf(redactObject({ json }))).not.toContain(CANARY);
        expect(textOf(redactSchema({ examples: [json], properties: { a: { default: json } } }))).not.toContain(CANARY);
      }),
      OPTIONS,
    );
  });

  it('changes nothing the second time, and never fails', () => {
    fc.assert(
      fc.property(fc.oneof(withSecret, fc.jsonValue()), (json) => {
        const once = redactJson(json);
        expect(redactJson(once)).toEqual(once);
        expect(JSON.parse(textOf(once))).toEqual(once);
      }),
      OPTIONS,
    );
  });

  it('does not change texts without the shape of a credential', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z ,.]{0,200}$/), (text) => {
        fc.pre(!/bearer|basic/.test(text));
        expect(redactText(text)).toBe(text);
      }),
      OPTIONS,
    );
  });

  it('takes linear time, however much a long text resembles a credential', () => {
    for (const part of ['opstage_reg_', 'Bearer ', 'Basic A', '-----BEGIN PRIVATE KEY-----', '-----BEGIN ']) {
      const text = part.repeat(40_000);
      expect(redactText(text).length).toBeLessThanOrEqual(text.length + 10);
    }
  });
});
