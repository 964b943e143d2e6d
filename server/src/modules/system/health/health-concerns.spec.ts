import { concernsOf } from './system-health.service.js';

type State = Parameters<typeof concernsOf>[0];

const WELL: State = { oldestWriteSeconds: 0.2, freeBytes: 10_000_000_000, failedSweeps: [], backupFailed: false };

const codesOf = (state: Partial<State>): string[] => concernsOf({ ...WELL, ...state }).map(({ code }) => code);

describe('what is worrying', () => {
  it('is nothing when all is well, nor when the system does not say how full the disk is', () => {
    expect(codesOf({})).toEqual([]);
    expect(codesOf({ freeBytes: null })).toEqual([]);
  });

  it.each([
    ['WRITES_STUCK', { oldestWriteSeconds: 5.1 }],
    ['DISK_NEARLY_FULL', { freeBytes: 268_435_455 }],
    ['SWEEP_FAILED', { failedSweeps: ['audit'] }],
    ['BACKUP_FAILED', { backupFailed: true }],
  ])('is %s by itself', (code, state) => {
    expect(codesOf(state)).toEqual([code]);
  });
});
