import { REDACTED } from '#contracts';
import { KEY_BEGIN, KEY_END } from './secret-shapes.js';

const BEGIN = new RegExp(KEY_BEGIN, 'g');
const END = new RegExp(KEY_END);
/** Lines of a key have no spaces, apart from headers such as `Proc-Type: 4,ENCRYPTED`. */
const KEY_LINE = /^\s*(?:\S*|[A-Za-z][\w-]{1,40}: .*)\s*$/;
/** The part of a key in a line with something before it, such as the time. */
const KEY_MATERIAL = /[A-Za-z0-9+/=_-]{16,}/g;

/** Whether a key begins in the text and does not end in it. */
const opensIn = (text: string): boolean => {
  if (!text.includes('PRIVATE KEY')) return false;
  const last = [...text.matchAll(BEGIN)].at(-1);
  return last !== undefined && !END.test(text.slice(last.index));
};

/**
 * Hides private keys that arrive in pieces, line by line. Between the first and the last line of a key it hides what may be part of it;
 * other lines stay, because programs write several things at a time.
 */
export class KeyBlock {
  /** @param isOpen whether an earlier piece began a key and none has ended it */
  constructor(public isOpen = false) {}

  /** The piece without keys that earlier pieces began; what begins and ends here is left to `redactText`. */
  redact(text: string): string {
    if (!this.isOpen) {
      this.isOpen = opensIn(text);
      return text;
    }
    const end = END.exec(text);
    const inside = end ? text.slice(0, end.index) : text;
    const redacted = inside.split('\n').map(hide).join('\n');
    if (!end) return redacted;
    const rest = text.slice(end.index + end[0].length);
    this.isOpen = opensIn(rest);
    return `${redacted}${REDACTED}${rest}`;
  }
}

const hide = (line: string): string => {
  if (line.trim() === '') return line;
  return KEY_LINE.test(line) ? REDACTED : line.replace(KEY_MATERIAL, REDACTED);
};
