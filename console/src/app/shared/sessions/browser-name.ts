const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\bChrom(?:e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bAndroid\b/, 'Android'],
  [/\biP(?:hone|ad|od)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

const LONGEST = 60;

const nameIn = (userAgent: string, names: typeof BROWSERS): string | null =>
  names.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;

/** `Firefox, Linux`: what people call what sends such a user agent; the beginning of its own words for a program. */
export const browserName = (userAgent: string): string => {
  const browser = nameIn(userAgent, BROWSERS);
  if (browser === null) return userAgent.slice(0, LONGEST);
  const system = nameIn(userAgent, SYSTEMS);
  return system === null ? browser : `${browser}, ${system}`;
};
