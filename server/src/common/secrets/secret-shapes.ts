/** A kind of credential, and the regular expression that recognizes it wherever it stands. */
export interface SecretShape {
  readonly kind: string;
  readonly source: string;
}

/** Not in the middle of a longer word. */
const START = '(?<![A-Za-z0-9])';

const TOKEN_SOURCES: readonly (readonly [kind: string, source: string])[] = [
  ['session cookie', 'opstage_session=s(?::|%3[Aa])[A-Za-z0-9%._+/-]{20,}'],
  ['signed cookie', String.raw`s(?::|%3[Aa])[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9%+/_-]{20,}`],
  // Looked for only where the token cannot have begun before, so that a long run of them is read once.
  ['JSON web token', String.raw`(?<![\w-])eyJ[\w-]{8,}\.[\w-]{2,}(?:\.[\w-]*){0,3}`],
  ['AWS access key', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])'],
  ['GitHub token', '(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})'],
  ['GitLab token', String.raw`gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[\w-]{16,}`],
  ['Slack token', String.raw`(?:xox[a-z](?:\.xox[a-z])?-|xapp-)[\w-]{8,}`],
  ['Slack webhook', String.raw`hooks\.slack\.com/(?:services|workflows)/[\w/]{16,}`],
  // With a digit, so that a long name of hyphens stays.
  ['secret key', String.raw`sk-(?=[\w-]{0,80}\d)[\w-]{16,}`],
  ['Stripe key', '(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,})'],
  ['Google key', String.raw`(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})`],
  ['npm token', 'npm_[A-Za-z0-9]{36}'],
  ['PyPI token', String.raw`pypi-[\w-]{16,}`],
  ['Hugging Face token', 'hf_[A-Za-z0-9]{24,}'],
  ['SendGrid key', String.raw`SG\.[\w-]{16,64}\.[\w-]{16,}`],
  ['DigitalOcean token', 'do[opr]_v1_[0-9a-f]{32,}'],
  ['Shopify token', 'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}'],
  ['Atlassian token', String.raw`ATATT3[\w-]{20,}=?`],
  ['Vault token', String.raw`hv[sbr]\.[\w-]{20,}`],
  ['Docker token', String.raw`dckr_[po]at_[\w-]{20,}`],
  ['Grafana token', String.raw`gl(?:sa|c)_[\w=-]{20,}`],
  ['Alibaba Cloud key', 'LTAI[A-Za-z0-9]{12,20}(?![A-Za-z0-9])'],
  ['Tencent Cloud key', 'AKID[A-Za-z0-9]{32}'],
  ['age key', 'AGE-SECRET-KEY-1[A-Z0-9]{20,}'],
];

/** The tokens of well-known services, our session cookie, and JSON web tokens. Each starts with a fixed text. */
export const TOKEN_SHAPES: readonly SecretShape[] = TOKEN_SOURCES.map(([kind, source]) => ({
  kind,
  source: START + source,
}));

/** Our own tokens, however short. */
export const OWN_TOKENS = /opstage_(?:reg|agent)_[A-Za-z0-9_-]{8,}/g;

/** Credentials of HTTP headers. */
const HEADER_SOURCES: readonly string[] = [
  String.raw`[Bb][Ee][Aa][Rr][Ee][Rr]\s+[A-Za-z0-9._~+/=-]{8,}`,
  // Base64 rather than a word, so that "Basic inventory" stays.
  String.raw`Basic\s+(?=[A-Za-z]*(?:[0-9+/]|[a-z][A-Z]))[A-Za-z0-9+/]{8,}={0,2}`,
];

/** The first line of a private key of any program: PEM, OpenSSH, PGP, SSH2. */
export const KEY_BEGIN = `-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}`;
/** Its last line. */
export const KEY_END = `-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}`;

const SOURCES = [
  ...HEADER_SOURCES,
  ...TOKEN_SOURCES.map(([, source]) => source),
  `${KEY_BEGIN}[\\s\\S]*?(?:${KEY_END}|$)`,
];

/** How each of them begins. Apart from digits, this is all that has to be looked for in a text without secrets. */
const BEGINNINGS =
  'be bE Be BE Ba op s: s% ey AK AS AB AC gh gi gl xo xa ho sk rk wh AI ya GO np py hf SG do sh AT hv dc LT AG --'.split(
    ' ',
  );

const ASCII = 128;
const BEGINS = new Uint8Array(ASCII * ASCII);
for (const beginning of BEGINNINGS) BEGINS[beginning.charCodeAt(0) * ASCII + beginning.charCodeAt(1)] = 1;

/** At one place of a text. */
const CREDENTIAL = new RegExp(`${START}(?:${SOURCES.join('|')})`, 'y');
const TELEGRAM = /(?<!\d)\d{8,10}:AA[\w-]{33}/g;

const isWordCharacter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);

const credentialAt = (text: string, at: number): number => {
  CREDENTIAL.lastIndex = at;
  return CREDENTIAL.test(text) ? CREDENTIAL.lastIndex : -1;
};

/** The text with `replacement` for every credential by its shape. A text without one costs a look at each character. */
export const replaceCredentials = (text: string, replacement: string): string => {
  let kept = '';
  let from = 0;
  let previous = 0;
  for (let at = 0; at < text.length - 1; at += 1) {
    const code = text.charCodeAt(at);
    const isStart = !isWordCharacter(previous);
    previous = code;
    if (!isStart || code >= ASCII) continue;
    const next = text.charCodeAt(at + 1);
    if (next >= ASCII || BEGINS[code * ASCII + next] !== 1) continue;
    const end = credentialAt(text, at);
    if (end < 0) continue;
    kept += text.slice(from, at) + replacement;
    from = end;
    at = end - 1;
    previous = text.charCodeAt(at);
  }
  const redacted = from === 0 ? text : kept + text.slice(from);
  return redacted.includes(':AA') ? redacted.replace(TELEGRAM, replacement) : redacted;
};
