/**
 * For `node --import`: moves `Date`, and nothing else, by the seconds that stand in the file `WARPED_CLOCK_FILE`. The test
 * changes the file while the process runs.
 */
import { readFileSync } from 'node:fs';

const file = process.env.WARPED_CLOCK_FILE;
const READ_EVERY_MS = 20;

const RealDate = globalThis.Date;
const realNow = RealDate.now;
let offsetMs = 0;
let readAt = -Infinity;

const now = () => {
  const at = performance.now();
  if (at - readAt > READ_EVERY_MS) {
    readAt = at;
    offsetMs = Number(readFileSync(file, 'utf8')) * 1_000;
  }
  return realNow.call(RealDate) + offsetMs;
};

RealDate.now = now;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
});
