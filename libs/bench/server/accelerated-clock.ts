/**
 * Preloaded into the server: makes its clock and timers run `BENCH_CLOCK_SPEED` times as fast, so that the writes of a
 * day happen in minutes.
 */
const speed = Number(process.env.BENCH_CLOCK_SPEED);
const RealDate = Date;
const start = RealDate.now();
const now = (): number => Math.floor(start + (RealDate.now() - start) * speed);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: readonly unknown[], newTarget: typeof Date) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
  apply: (target) => new target(now()).toString(),
  get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
});

type Timer = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => NodeJS.Timeout;

/** The same timer function with shorter delays; its other properties, such as the promise form, remain. */
const accelerated = <T extends object>(timer: T): T =>
  new Proxy(timer, {
    apply: (target, self, [callback, ms, ...args]: Parameters<Timer>) =>
      Reflect.apply(target as unknown as Timer, self, [callback, (ms ?? 0) / speed, ...args]),
  });

globalThis.setTimeout = accelerated(setTimeout);
globalThis.setInterval = accelerated(setInterval);
