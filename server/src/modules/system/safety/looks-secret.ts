/** Words of a key that mostly stand before a secret; those that certainly do are hidden when they are reported. */
const SUSPECT_WORDS = new Set(
  'auth certificate conn connection creds dsn hmac jwt key keys otp pass passcode pin private psk pw salt sas seed session signature ssh sso webhook'.split(
    ' ',
  ),
);
/** Words that say it is something else after all. */
const HARMLESS_WORDS = new Set(
  'algorithm attempts bytes count days delay enabled host idle interval length level limit max min minutes mode ms name path policy pool port provider public retries retry seconds size timeout ttl type version'.split(
    ' ',
  ),
);

const wordsOf = (key: string): string[] =>
  key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** Whether a person should look whether what has this key is secret. */
export const looksSecret = (key: string): boolean => {
  const words = wordsOf(key);
  return words.some((word) => SUSPECT_WORDS.has(word)) && !words.some((word) => HARMLESS_WORDS.has(word));
};
