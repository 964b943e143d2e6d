import { FlapGuard } from './flap-guard.js';

const SERVICE = 'svc_1';
const at = (second: number): Date => new Date(1_790_000_000_000 + second * 1_000);

describe('The flap guard', () => {
  it('admits ten transitions, then one in ten minutes: 154 a day', () => {
    const guard = new FlapGuard();
    const admitted = (from: number, to: number): number => {
      let count = 0;
      for (let second = from; second < to; second += 60) if (guard.admits(SERVICE, at(second))) count += 1;
      return count;
    };
    expect(admitted(0, 600)).toBe(10);
    expect(admitted(600, 86_400)).toBeLessThanOrEqual(144);
    expect(guard.admits('svc_2', at(86_400))).toBe(true);
  });

  it('sums up the time in each status from the first change that is left out', () => {
    const guard = new FlapGuard();
    expect(guard.leftOut(SERVICE, at(0))).toBeNull();
    guard.noteLeftOut(SERVICE, 'DOWN', at(0));
    guard.noteLeftOut(SERVICE, 'DEGRADED', at(10));
    guard.noteLeftOut(SERVICE, 'UNKNOWN', at(12));
    guard.noteLeftOut(SERVICE, 'UP', at(20));
    const leftOut = { changes: 4, upMs: 5_000, degradedMs: 2_000, downMs: 10_000 };
    expect(guard.leftOut(SERVICE, at(25))).toEqual(leftOut);
    guard.noteStored(SERVICE, 'DOWN', at(25));
    expect(guard.leftOut(SERVICE, at(30))).toBeNull();
  });

  it('offers the status that the history does not show as soon as one may be stored, and only once', () => {
    const guard = new FlapGuard();
    for (let i = 0; i < 10; i += 1) guard.admits(SERVICE, at(0));
    guard.noteLeftOut(SERVICE, 'DOWN', at(1));
    guard.noteLeftOut(SERVICE, 'UP', at(3));
    expect(guard.takeDue(at(599))).toEqual([]);
    const [due] = guard.takeDue(at(600));
    const leftOut = { changes: 2, upMs: 0, degradedMs: 0, downMs: 2_000 };
    expect(due).toEqual({ id: SERVICE, status: 'UP', since: at(3), leftOut });
    guard.noteShown(due!);
    expect(guard.takeDue(at(9_999))).toEqual([]);
  });

  it('summarizes once an hour until the service has kept its status for an hour', () => {
    const guard = new FlapGuard();
    guard.noteLeftOut(SERVICE, 'DOWN', at(0));
    for (let second = 60; second <= 3_600; second += 60) guard.noteLeftOut(SERVICE, 'UP', at(second));
    expect(guard.takeSummaries(at(3_599))).toEqual([]);
    expect(guard.takeSummaries(at(3_600))).toEqual([
      { id: SERVICE, changes: 60, recorded: 0, status: 'UP', isSettled: false },
    ]);
    expect(guard.takeSummaries(at(7_199))).toEqual([]);
    expect(guard.takeSummaries(at(7_200))).toMatchObject([{ changes: 0, isSettled: true }]);
    expect(guard.isFlapping(SERVICE)).toBe(false);
  });
});
