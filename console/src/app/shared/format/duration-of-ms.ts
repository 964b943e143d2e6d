const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const unitText = (value: number, unit: string, language: string, digits = 0): string =>
  new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);

const twoUnits = (ms: number, [large, size]: readonly [string, number], small: string, language: string): string => {
  const smallSize = small === 'second' ? SECOND : small === 'minute' ? MINUTE : HOUR;
  const whole = Math.floor(ms / size);
  const rest = Math.floor((ms - whole * size) / smallSize);
  const head = unitText(whole, large, language);
  return rest === 0 ? head : `${head} ${unitText(rest, small, language)}`;
};

/** `320 ms`, `2.4 sec`, `3 min 5 sec`, `2 hr 10 min`: how long something took, in the two largest units that fit. */
export const formatDuration = (ms: number, language: string): string => {
  const length = Math.max(0, ms);
  if (length < SECOND) return unitText(Math.round(length), 'millisecond', language);
  if (length < MINUTE) return unitText(Math.floor(length / 100) / 10, 'second', language, 1);
  if (length < HOUR) return twoUnits(length, ['minute', MINUTE], 'second', language);
  if (length < DAY) return twoUnits(length, ['hour', HOUR], 'minute', language);
  return twoUnits(length, ['day', DAY], 'hour', language);
};
