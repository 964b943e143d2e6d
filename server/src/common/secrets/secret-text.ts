import { isSecretName, REDACTED } from '#contracts';
import { memoize } from '../memory/cache.js';
import { OWN_TOKENS, replaceCredentials } from './secret-shapes.js';

/** Longer keys are rare and would fill the cache. */
const MAX_CACHED_KEY = 64;

// The same few keys recur in every report, result and audit event.
const cachedIsSecretName = memoize(isSecretName, 4_000);

/** Whether a key names a secret; see {@link isSecretName}. */
export const isSecretKey = (key: string): boolean =>
  key.length <= MAX_CACHED_KEY ? cachedIsSecretName(key) : isSecretName(key);

/** A number under such a key is a count: `revokedTokens: 2`. */
export const COUNTED = /(?:tokens|secrets|cookies|passwords|credentials|keys)$/i;

/** By character code: whether it may stand in a key. Beyond ASCII all do but punctuation. */
const KEY_CHARACTERS: readonly boolean[] = Array.from({ length: 128 }, (_, code) =>
  /[\w.$\-[\]]/.test(String.fromCharCode(code)),
);
const WIDE_PUNCTUATION = '：＝，。；、（）「」';
/** The last of two words that name a secret together: `API key: …`. */
const SECOND_WORD = /^(?:keys?|codes?|string|phrase|id|answer|word|密钥)$/i;
const OPENING_QUOTE = /^(?:\\*["'`]|%22)/;
/** A header or a phrase has spaces in its value. */
const WHOLE_LINE = /(?:authorization|cookie|phrase|mnemonic)s?$/i;
const END_OF_LINE = /[\r\n<]|\\[nr]/;
const END_OF_VALUE = /[\s&;"'`<>|，；。、]|\\[nrt"']|%26|,(?=[\s"']|[\w.-]+\s*[=:])|[)\]}]+(?=[\s,;.)\]}]|$)|,$/;
/** Says that there is none, or stands for one. */
const PLACEHOLDER =
  /^(?:null|undefined|true|false|none|nil|yes|no|string|number|object|\*+|•+|x{3,}|\$\{.*|\$\(.*|\{\{.*|<.*|%s|\[REDACTED\]?)$/i;
/** What an error message says of a secret. */
const SAID_OF_ONE =
  /^(?:is|was|must|may|can|cannot|has|not|no|too|the|a|an|for|of|invalid|incorrect|wrong|missing|required|expired|empty|unknown|rejected|revoked|failed|denied|ok|set|unset|changed|updated|mismatch|unauthorized|forbidden|错误|无效|不能为空)[.!]?$/i;

interface Assignment {
  readonly key: string;
  readonly isQuotedKey: boolean;
  readonly separator: string;
  /** The quote that stands before the key and ends after its value, as in `-H "Cookie: a=1; b=2"`; empty without one. */
  readonly quote: string;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

const isKeyCharacter = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return KEY_CHARACTERS[code] ?? (code > 127 && !WIDE_PUNCTUATION.includes(text.charAt(at)));
};

const backOverSpaces = (text: string, at: number): number => {
  let end = at;
  while (end > 0 && at - end < 4 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end -= 1;
  return end;
};

const wordStart = (text: string, end: number): number => {
  let start = end;
  while (start > 0 && end - start < MAX_CACHED_KEY && isKeyCharacter(text, start - 1)) start -= 1;
  return start;
};

const isQuote = (text: string, at: number): boolean => text[at] === '"' || text[at] === "'" || text[at] === '`';

/** The key before a separator at `at`; empty when there is none. */
const keyBefore = (text: string, at: number, separator: string): Assignment => {
  let end = backOverSpaces(text, text[at - 1] === '=' ? at - 1 : at);
  const isQuotedKey = isQuote(text, end - 1) || text.startsWith('%22', end - 3);
  if (isQuotedKey) end -= text[end - 1] === '2' ? 3 : 1;
  while (isQuotedKey && text[end - 1] === '\\') end -= 1;
  const start = wordStart(text, end);
  const key = text.slice(start, end);
  const quote = !isQuotedKey && isQuote(text, start - 1) ? text.charAt(start - 1) : '';
  const isTag = text[at - 1] === '=' || text[start - 1] === '<';
  if (separator === '>' && !isTag) return { key: '', isQuotedKey, separator, quote };
  if (text[start - 1] !== ' ' || !SECOND_WORD.test(key)) return { key, isQuotedKey, separator, quote };
  return { key: text.slice(wordStart(text, start - 1), end), isQuotedKey, separator, quote };
};

const endOfLine = (text: string, start: number, quote: string): number => {
  const end = matchEnd(text, start, END_OF_LINE);
  const closing = quote === '' ? -1 : text.slice(start, end).indexOf(quote);
  return closing < 0 ? end : start + closing;
};

const matchEnd = (text: string, start: number, end: RegExp): number => {
  const found = text.slice(start, start + 10_000).search(end);
  return found < 0 ? Math.min(text.length, start + 10_000) : start + found;
};

/** The text between quotes, which may themselves be escaped within a longer JSON text. */
const quoted = (text: string, start: number, opening: string): Span => {
  const from = start + opening.length;
  const quote = opening === '%22' ? opening : opening.slice(-1);
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    let escapes = 0;
    while (text[at - escapes - 1] === '\\') escapes += 1;
    if (escapes <= opening.length - 1 || (opening.length === 1 && escapes % 2 === 0)) {
      return { start: from, end: at - Math.min(escapes, opening.length - 1) };
    }
  }
  return { start: from, end: text.length };
};

const bracketed = (text: string, start: number): Span => {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if ('[{'.includes(text[at] ?? '')) depth += 1;
    if (']}'.includes(text[at] ?? '')) depth -= 1;
    if (depth === 0) return { start, end: at + 1 };
  }
  return { start, end: text.length };
};

/** Whether the word is the first of a sentence rather than a value: `password: must not be empty`. */
const isProse = (text: string, end: number, value: string, separator: string): boolean => {
  if (SAID_OF_ONE.test(value)) return true;
  if (!/[:：]/.test(separator) || !/^[A-Za-z]+$/.test(value)) return false;
  return /^ [A-Za-z]+(?![\w]*\s*[=:])/.test(text.slice(end, end + 40));
};

const bareValue = (text: string, start: number, assignment: Assignment): Span | null => {
  const { key, separator, isQuotedKey, quote } = assignment;
  if (/[[{]/.test(text.charAt(start)) && !text.startsWith(REDACTED, start)) {
    return isQuotedKey ? bracketed(text, start) : null;
  }
  const isLine = WHOLE_LINE.test(key) && separator !== '=';
  const end = isLine ? endOfLine(text, start, quote) : matchEnd(text, start, separator === '>' ? /</ : END_OF_VALUE);
  const value = text.slice(start, end);
  if (PLACEHOLDER.test(value) || (!isLine && isProse(text, end, value, separator))) return null;
  if (/^\d+$/.test(value) && (COUNTED.test(key) || (/^pass$/i.test(key) && value.length < 4))) return null;
  return { start, end };
};

/** Where the value after a separator stands; null when there is none to hide. */
const valueAfter = (text: string, at: number, assignment: Assignment): Span | null => {
  let start = at;
  while (start - at < 8 && /[ \t=>:]/.test(text[start] ?? '')) start += 1;
  const opening = OPENING_QUOTE.exec(text.slice(start, start + 12))?.[0];
  const span = opening === undefined ? bareValue(text, start, assignment) : quoted(text, start, opening);
  if (!span || span.end <= span.start || PLACEHOLDER.test(text.slice(span.start, span.end))) return null;
  return span;
};

/** Of a character that ends a name: how many characters separate the name from its value; 0 for any other. */
const separatorLength = (text: string, at: number): number => {
  const code = text.charCodeAt(at);
  // `:` `=` `>`, and the wide forms of the first two.
  if (code === 58 || code === 61 || code === 62 || code === 0xff1a || code === 0xff1d) return 1;
  return code === 37 && /^%3[DdAa]$/.test(text.slice(at, at + 3)) ? 3 : 0;
};

/** Hides the values of `password=…`, `"token": "…"`, `<secret>…</secret>` and the like. */
const redactAssignments = (text: string): string => {
  let kept = '';
  let from = 0;
  for (let at = 1; at < text.length - 1; at += 1) {
    const length = separatorLength(text, at);
    if (length === 0) continue;
    const assignment = keyBefore(text, at, text.slice(at, at + length));
    if (assignment.key.length < 2 || !isSecretKey(assignment.key)) continue;
    const span = valueAfter(text, at + length, assignment);
    if (!span) continue;
    kept += text.slice(from, span.start) + REDACTED;
    from = span.end;
    at = span.end - 1;
  }
  return from === 0 ? text : kept + text.slice(from);
};

const USERINFO = /:\/\/[^\s/?#"'`<>\\@:]*:/g;
const MAX_USERINFO = 2_000;

/** How long the password of a URL is: up to the last `@` before its path, or the first after it when it is not escaped as it should be. */
const passwordLength = (rest: string): number => {
  const path = rest.search(/[/?#]/);
  const authority = path < 0 ? rest : rest.slice(0, path);
  const at = authority.lastIndexOf('@');
  if (at >= 0) return at;
  return /^\d*$/.test(authority) ? -1 : rest.indexOf('@');
};

const redactUrls = (text: string): string => {
  let kept = '';
  let from = 0;
  USERINFO.lastIndex = 0;
  for (let found = USERINFO.exec(text); found; found = USERINFO.exec(text)) {
    const start = found.index + found[0].length;
    const length = passwordLength(/^[^\s"'`<>\\]*/.exec(text.slice(start, start + MAX_USERINFO))?.[0] ?? '');
    if (length <= 0) continue;
    kept += text.slice(from, start) + REDACTED;
    from = start + length;
    USERINFO.lastIndex = from;
  }
  return from === 0 ? text : kept + text.slice(from);
};

/** The data source names of Go's MySQL driver: `user:password@tcp(host)/db`. */
const DRIVER_URL = /:([^\s:@/]+)@(?=(?:tcp|unix)\()/g;

const FLAG = /(--[A-Za-z][\w-]{1,40}[ \t]+)(?!-)(?:"[^"]*"|'[^']*'|[^\s"']+)/g;

const redactFlags = (text: string): string =>
  text.replace(FLAG, (whole, flag: string) => (isSecretKey(flag.trimEnd()) ? flag + REDACTED : whole));

const hasSeparator = (text: string): boolean => ['=', ':', '>', '%3', '：', '＝'].some((one) => text.includes(one));

/**
 * Returns the text without the secrets in it: values after a secret's name, passwords of URLs and command lines, and everything in the
 * shape of a credential. Takes linear time.
 */
export const redactText = (text: string): string => {
  if (text.length < 4) return text;
  let redacted = text.includes('opstage_') ? text.replace(OWN_TOKENS, REDACTED) : text;
  if (hasSeparator(redacted)) redacted = redactAssignments(redacted);
  if (redacted.includes('://')) redacted = redactUrls(redacted);
  if (redacted.includes('@')) redacted = redacted.replace(DRIVER_URL, `:${REDACTED}@`);
  if (redacted.includes('--')) redacted = redactFlags(redacted);
  return replaceCredentials(redacted, REDACTED);
};
