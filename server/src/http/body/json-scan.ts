const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPENING: readonly number[] = [0x7b, 0x5b];
const CLOSING: readonly number[] = [0x7d, 0x5d];
const SPACE: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];

/** Returns the position of the quote that ends the string which begins at `start`; -1 if it does not end here. */
const endOfString = (json: Buffer, start: number): number => {
  for (let end = json.indexOf(QUOTE, start + 1); end !== -1; end = json.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
};

const skipSpace = (json: Buffer, from: number): number => {
  let at = from;
  while (SPACE.includes(json[at] ?? 0)) at += 1;
  return at;
};

const textAt = (json: Buffer, start: number, end: number): string | null => {
  try {
    return JSON.parse(json.toString('utf8', start, end + 1)) as string;
  } catch {
    return null;
  }
};

/** The string after a key that ends at `end`; null when there is no complete string. */
const valueAfter = (json: Buffer, end: number): string | null => {
  const colon = skipSpace(json, end + 1);
  if (json[colon] !== COLON) return null;
  const start = skipSpace(json, colon + 1);
  const valueEnd = json[start] === QUOTE ? endOfString(json, start) : -1;
  return valueEnd === -1 ? null : textAt(json, start, valueEnd);
};

/**
 * Returns the text that an object in JSON has under `key`, without making objects of the rest, which may be incomplete; null if there
 * is none. It does not check that the JSON is well-formed.
 */
export const findText = (json: Buffer, key: string): string | null => {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (OPENING.includes(byte)) depth += 1;
    else if (CLOSING.includes(byte)) depth -= 1;
    else if (byte === QUOTE) {
      const end = endOfString(json, at);
      if (end === -1) return null;
      // A key can be longer than its text, by escapes, but not shorter.
      const isKey = depth === 1 && end - at > key.length && textAt(json, at, end) === key;
      const value = isKey ? valueAfter(json, end) : null;
      if (value !== null) return value;
      at = end;
    }
  }
  return null;
};
