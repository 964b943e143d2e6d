import { redactText } from './secret-text.js';

const SECRET = 'S3cr3tPw';
const A = (length: number): string => 'Ab1'.repeat(length).slice(0, length);

/** Each holds the secret, and this is what is left of the text. */
const ASSIGNMENTS: readonly (readonly [text: string, left: string])[] = [
  [`password=${SECRET}`, 'password=[REDACTED]'],
  [`user=app password=${SECRET} host=db`, 'user=app password=[REDACTED] host=db'],
  [`failed: PGPASSWORD=${SECRET};retry`, 'failed: PGPASSWORD=[REDACTED];retry'],
  [`?token=${SECRET}&page=2`, '?token=[REDACTED]&page=2'],
  [`{"password":"${SECRET}","user":"app"}`, '{"password":"[REDACTED]","user":"app"}'],
  [`{"password": "a \\"${SECRET}\\" b"}`, '{"password": "[REDACTED]"}'],
  [`body was {\\"clientSecret\\":\\"${SECRET}\\"}.`, 'body was {\\"clientSecret\\":\\"[REDACTED]\\"}.'],
  [`{'api_key': '${SECRET}'}`, `{'api_key': '[REDACTED]'}`],
  [`{"passwords":["${SECRET}","b"],"n":1}`, '{"passwords":[REDACTED],"n":1}'],
  [`{"password":12345678}`, '{"password":[REDACTED]}'],
  [`:password => "${SECRET}"`, ':password => "[REDACTED]"'],
  [`password: ${SECRET}`, 'password: [REDACTED]'],
  [`db:\n  password: ${SECRET}\n  host: db`, 'db:\n  password: [REDACTED]\n  host: db'],
  [`passphrase: correct horse ${SECRET}\nnext`, 'passphrase: [REDACTED]\nnext'],
  [`Cookie: a=1; sid=${SECRET}`, 'Cookie: [REDACTED]'],
  [`Authorization: Digest username="app", response="${SECRET}"`, 'Authorization: [REDACTED]'],
  [`curl -H "Cookie: a=1; sid=${SECRET}" https://host`, 'curl -H "Cookie: [REDACTED]" https://host'],
  [`X-Api-Key: ${SECRET}`, 'X-Api-Key: [REDACTED]'],
  [`API key: ${SECRET}`, 'API key: [REDACTED]'],
  [`<password>${SECRET}</password>`, '<password>[REDACTED]</password>'],
  [`mysql --user app --password ${SECRET} db`, 'mysql --user app --password [REDACTED] db'],
  [`tool --token=${SECRET}`, 'tool --token=[REDACTED]'],
  [`postgres://svc:${SECRET}@db:5432/app`, 'postgres://svc:[REDACTED]@db:5432/app'],
  [`redis://:${SECRET}@cache`, 'redis://:[REDACTED]@cache'],
  [`https://svc:a@${SECRET}@host/x?y=1`, 'https://svc:[REDACTED]@host/x?y=1'],
  [`postgres://svc:a/${SECRET}@db`, 'postgres://svc:[REDACTED]@db'],
  [`svc:${SECRET}@tcp(db:3306)/app`, 'svc:[REDACTED]@tcp(db:3306)/app'],
  [`Server=db;Password=${SECRET};Encrypt=true`, 'Server=db;Password=[REDACTED];Encrypt=true'],
  [`密码：${SECRET}`, '密码：[REDACTED]'],
  [`密码=${SECRET}，用户=app`, '密码=[REDACTED]，用户=app'],
  [`password%3D${SECRET}%26a%3Db`, 'password%3D[REDACTED]%26a%3Db'],
  [`pass\u00adword=${SECRET}`, 'pass\u00adword=[REDACTED]'],
];

const SHAPES: readonly (readonly [kind: string, secret: string])[] = [
  ['a JSON web token', `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${A(30)}`],
  ['an AWS key', 'AKIAIOSFODNN7EXAMPLE'],
  ['a GitHub token', `ghp_${A(36)}`],
  ['a GitHub server token', `ghs_${A(36)}`],
  ['a fine-grained GitHub token', `github_pat_${A(22)}_${A(30)}`],
  ['a GitLab token', `glpat-${A(20)}`],
  ['a Slack token', `xoxb-${A(12)}-${A(24)}`],
  ['a Slack app token', `xapp-1-${A(20)}`],
  ['an OpenAI key', `sk-${A(40)}`],
  ['an OpenAI project key', `sk-proj-${A(40)}`],
  ['an Anthropic key', `sk-ant-api03-${A(40)}`],
  ['a Stripe key', `sk_live_${A(24)}`],
  ['a Google key', `AIza${A(35)}`],
  ['an npm token', `npm_${A(36)}`],
  ['a Vault token', `hvs.${A(24)}`],
  ['a Telegram token', `123456789:AA${A(33)}`],
  ['a SendGrid key', `SG.${A(22)}.${A(43)}`],
  ['our session cookie', `opstage_session=s%3A${A(43)}.${A(43)}`],
  ['our session cookie, decoded', `opstage_session=s:${A(43)}.${A(20)}+/${A(20)}`],
  ['our agent token', `opstage_agent_${A(43)}`],
  ['a PGP key', `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${A(64)}\n-----END PGP PRIVATE KEY BLOCK-----`],
  ['an OpenSSH key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${A(64)}\n-----END OPENSSH PRIVATE KEY-----`],
  ['an SSH2 key', `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n${A(64)}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----`],
];

const HARMLESS = [
  'password: must be at least 12 characters',
  'Login failed, password: incorrect',
  'token expired',
  'token: expired',
  'The secret: be kind to your colleagues',
  'password is required',
  'password=',
  '{"password":"","token":null,"secret":false}',
  'password: ${DB_PASSWORD}',
  'password=********',
  'token count: 5, max_tokens=4096, tokens: 12',
  'revokedTokens=3',
  'tokenBucket: full',
  'https://db:5432/x?mail=a@b.example',
  'http://localhost:8080/a@b',
  'ssh://git@host/repository',
  'mail to a.b@example.org: done',
  'a sk-learn pipeline, a task-force, sk-a-long-name-of-many-words',
  'Compass: north; spinning=fast; author: me; passenger=2',
  'sha256:ab12cd34ef56',
  '12:30:15 worker=3 took=120ms',
  'Tests: pass: 12 fail: 0',
  'a <b>bold</b> word, x => y, a > b, token === null',
  '密码长度：12；令牌数=3',
  'BEGIN PUBLIC KEY',
  'xoxo, hugs and kisses',
  'npm_config_registry=x',
];

describe('Secrets in a text', () => {
  it.each(ASSIGNMENTS)('leave %j as %j', (text, left) => {
    expect(redactText(text)).toBe(left);
    expect(redactText(left)).toBe(left);
  });

  it.each(SHAPES)('include %s, wherever it stands', (_, secret) => {
    for (const [before, after] of [
      ['', ''],
      ['used ', ' today'],
      ['("', '")'],
      ['a=', ', b'],
    ] as const) {
      expect(redactText(`${before}${secret}${after}`)).toBe(`${before}[REDACTED]${after}`);
    }
  });

  it.each(HARMLESS)('are not seen in %j', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('are found in linear time, however much a long text resembles one', () => {
    const parts = [
      'password',
      'password=',
      '"password":"',
      '"password":[',
      'a://b:',
      'a://b:c@',
      '--token ',
      'eyJ-',
      'eyJhbGciOi.',
      'sk-',
      '<a>',
    ];
    for (const part of [...parts, '密码：', 'token: a ', '\\"', 'SG.', '%3D', 's:', '-', ' :', 'a.b=']) {
      expect(redactText(part.repeat(50_000))).toBeDefined();
    }
  });
});
