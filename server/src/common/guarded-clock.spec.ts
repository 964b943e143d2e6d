import { GuardedClock, type TimeSource } from './guarded-clock.js';

const START = Date.parse('2030-05-01T12:00:00.000Z');
const DAY = 86_400;

/** A machine whose clocks the test moves, in seconds. */
class Machine implements TimeSource {
  #wall = START;
  #monotonic = 1_000;
  #uptime = 50_000;

  wallMs = (): number => this.#wall;
  monotonicMs = (): number => this.#monotonic;
  uptimeMs = (): number => this.#uptime;

  set(seconds: number): void {
    this.#wall += seconds * 1_000;
  }

  pass(seconds: number): void {
    this.#wall += seconds * 1_000;
    this.#monotonic += seconds * 1_000;
    this.#uptime += seconds * 1_000;
  }

  /** The monotonic clock stands still; the system may count that time. */
  suspend(seconds: number, isCounted: boolean): void {
    this.#wall += seconds * 1_000;
    if (isCounted) this.#uptime += seconds * 1_000;
  }
}

describe('A guarded clock', () => {
  let machine: Machine;
  let clock: GuardedClock;
  beforeEach(() => {
    machine = new Machine();
    clock = new GuardedClock(machine);
  });

  /** Lets time pass while the clock is checked every half second. */
  const run = (seconds: number): void => {
    for (let i = 0; i < seconds * 2; i += 1) {
      machine.pass(0.5);
      clock.check();
    }
  };
  const seconds = (): number => (clock.now().getTime() - START) / 1_000;
  const ends = (): (string | null)[] => clock.takeNews().map(({ end }) => end);

  it('follows the machine, also through small steps of its time', () => {
    run(10);
    machine.set(3);
    run(1);
    machine.set(-2);
    expect(seconds()).toBe(12);
    expect(clock.jump).toBeNull();
    expect(clock.takeNews()).toEqual([]);
  });

  it.each([100 * DAY, 3_600, 60, -60, -DAY, -20 * 365 * DAY])(
    'goes on by the time since when it is set by %d s',
    (by) => {
      run(5);
      machine.set(by);
      expect(seconds()).toBe(5);
      run(6);
      expect(seconds()).toBe(11);
      expect(clock.jump).toMatchObject({ byMs: by * 1_000, noticedAt: new Date(START + 5_000) });
      machine.set(-by);
      expect(seconds()).toBe(11);
      expect(clock.jump).toBeNull();
      expect(ends()).toEqual([null, 'returned']);
    },
  );

  it.each([
    [20, 60],
    [-20, 60],
    [300, 300],
    [100 * DAY, 600],
    [-DAY, 600],
  ])('believes a time set by %d s once it has agreed for %d s', (by, settle) => {
    machine.set(by);
    clock.check();
    run(settle - 1);
    expect(seconds()).toBe(settle - 1);
    run(1);
    expect(seconds()).toBe(settle + by);
    expect(clock.jump).toBeNull();
    expect(ends()).toEqual([null, 'settled']);
  });

  it('waits anew when the time is set again meanwhile', () => {
    machine.set(100 * DAY);
    run(500);
    machine.set(-30 * DAY);
    run(500);
    expect(seconds()).toBe(1_000);
    run(101);
    expect(seconds()).toBe(1_101 + 70 * DAY);
  });

  it('believes a new time that an operator confirms', () => {
    expect(clock.confirm()).toBe(false);
    machine.set(DAY);
    run(2);
    expect(clock.confirm()).toBe(true);
    expect(seconds()).toBe(DAY + 2);
    expect(ends()).toEqual([null, 'confirmed']);
  });

  it('believes a time that catches up with what was stored before the start', () => {
    clock.expectCatchUp(new Date(START + 300 * DAY * 1_000));
    run(5);
    machine.set(301 * DAY);
    expect(seconds()).toBe(301 * DAY + 5);
    expect(clock.jump).toBeNull();
  });

  it('takes a suspended machine for what it is where the system counts that time', () => {
    run(5);
    machine.suspend(8 * 3_600, true);
    expect(seconds()).toBe(5 + 8 * 3_600);
    expect(clock.jump).toBeNull();
    machine.suspend(8 * 3_600, false);
    expect(seconds()).toBe(5 + 8 * 3_600);
    expect(clock.jump).not.toBeNull();
  });

  it('knows when the process last resumed after a pause of a given length', () => {
    expect(clock.resumedAtMs(1_000)).toBeNull();
    run(1);
    machine.pass(30);
    const long = clock.elapsedMs();
    expect(clock.resumedAtMs(10_000)).toBe(long);
    run(1);
    machine.pass(5);
    const short = clock.elapsedMs();
    expect(clock.resumedAtMs(10_000)).toBe(long);
    expect(clock.resumedAtMs(5_000)).toBe(short);
    run(1);
    machine.suspend(60, true);
    expect(clock.resumedAtMs(60_000)).toBe(clock.elapsedMs());
  });

  it('counts a jump as a pause of any length: the machine may have stood still', () => {
    machine.set(40);
    const at = clock.elapsedMs();
    expect(clock.resumedAtMs(3_600_000)).toBe(at);
  });
});
