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
  ])('takes %s for a secret', (key) => {
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

  it('redacts at any depth, in lists too, and keeps the rest', () => {
    expect(redactObject({ a: [{ password: 'x', tokenCount: 3 }], b: { c: { apiKey: 'k' } }, d: null })).toEqual({
      a: [{ password: '[REDACTED]', tokenCount: 3 }],
      b: { c: { apiKey: '[REDACTED]' } },
      d: null,
    });
  });

  it('redacts a whole object under a secret name', () => {
    expect(redactObject({ credentials: { user: 'u', pin: '1' } })).toEqual({ credentials: '[REDACTED]' });
  });

  it('keeps empty values and flags, which say that nothing is set', () => {
    expect(redactObject({ password: '', token: null, secret: false })).toEqual({
      password: '',
      token: null,
      secret: false,
    });
  });

  it('keeps a number of secrets, and no number that is one', () => {
    expect(redactObject({ revokedTokens: 2, tokens: ['x'], pin: 1, password: 1234 })).toEqual({
      revokedTokens: 2,
      tokens: '[REDACTED]',
      pin: 1,
      password: '[REDACTED]',
    });
  });

  it('redacts by shape wherever it stands in a text', () => {
    const agentToken = `opstage_agent_${'a'.repeat(43)}`;
    expect(redactText(`used ${agentToken}.`)).toBe('used [REDACTED].');
    expect(redactText('Authorization: Bearer abcdefghijkl')).toBe('Authorization: [REDACTED]');
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----';
    expect(redactText(`x ${pem} y`)).toBe('x [REDACTED] y');
    expect(redactText('-----BEGIN PRIVATE KEY-----\ncut off')).toBe('[REDACTED]');
    expect(redactJson([`Bearer ${agentToken}`])).toEqual(['Bearer [REDACTED]']);
  });

  it('tells a basic credential from a basic word', () => {
    expect(redactText('Authorization: Basic YWxhZGRpbjpvcGVuc2VzYW1l')).toBe('Authorization: [REDACTED]');
    expect(redactText('Basic YWRtaW46YWRtaW4=, sent')).toBe('[REDACTED], sent');
    expect(redactText('A basic understanding of Basic Inventory')).toBe('A basic understanding of Basic Inventory');
  });

  it('redacts a credential that was used as a key', () => {
    expect(redactObject({ [`opstage_reg_${'b'.repeat(43)}`]: 1 })).toEqual({ '[REDACTED]': 1 });
  });

  it('keeps a schema that describes a secret, without the values it gives for it', () => {
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

  it('keeps the choices a schema gives, which a payload is held to', () => {
    const schema = {
      properties: { credentials: { properties: { kind: { enum: ['basic', 'none'], default: 'none' } } } },
    };
    expect(redactSchema(schema)).toEqual({
      properties: { credentials: { properties: { kind: { enum: ['basic', 'none'], default: '[REDACTED]' } } } },
    });
  });

  it('is not slowed down by a hostile text', () => {
    const text = `${'-----BEGIN PRIVATE KEY-----'.repeat(2_000)}${'Bearer '.repeat(50_000)}`;
    expect(redactText(text).length).toBeLessThan(text.length);
  });
});
