import { nextReading, type AuditPageState } from './audit-schedule';

const state = ({ isHeld = false, isMoving = false, page = 1, areCountsBehind = false } = {}): AuditPageState => ({
  isHeld: () => isHeld,
  isMoving: () => isMoving,
  page: () => page,
  areCountsBehind: () => areCountsBehind,
});

describe('nextReading', () => {
  it('reads the list, and the counts instead only when nothing has changed and they are behind', () => {
    expect(nextReading('time', state())).toBe('list');
    expect(nextReading('news', state({ areCountsBehind: true }))).toBe('list');
    expect(nextReading('time', state({ areCountsBehind: true }))).toBe('counts');
  });

  it('asks for a moving range as it is now, on every page', () => {
    expect(nextReading('news', state({ isMoving: true, page: 3 }))).toBe('moved list');
    expect(nextReading('time', state({ isMoving: true, areCountsBehind: true }))).toBe('counts');
  });

  it('reads nothing while events are open, or on a later page of a range that does not move', () => {
    expect(nextReading('news', state({ isHeld: true, isMoving: true }))).toBeNull();
    expect(nextReading('time', state({ page: 2, areCountsBehind: true }))).toBeNull();
  });
});
