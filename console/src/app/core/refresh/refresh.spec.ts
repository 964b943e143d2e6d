import { TestBed } from '@angular/core/testing';
import { Refresh } from './refresh';

const INTERVAL_MS = 5_000;

let visibility: DocumentVisibilityState;

const show = (state: DocumentVisibilityState): void => {
  visibility = state;
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  jest.useFakeTimers();
  visibility = 'visible';
  jest.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility);
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('Refresh', () => {
  it('says every few seconds that it is time to read again', () => {
    const { tick } = TestBed.inject(Refresh);
    expect(tick()).toBe(0);
    jest.advanceTimersByTime(INTERVAL_MS - 1);
    expect(tick()).toBe(0);
    jest.advanceTimersByTime(1);
    expect(tick()).toBe(1);
    jest.advanceTimersByTime(3 * INTERVAL_MS);
    expect(tick()).toBe(4);
  });

  it('rests while nobody can see the page, and says so at once when somebody can again', () => {
    const { tick } = TestBed.inject(Refresh);
    show('hidden');
    jest.advanceTimersByTime(10 * INTERVAL_MS);
    expect(tick()).toBe(0);
    show('visible');
    expect(tick()).toBe(1);
  });

  it('says so at once after a change of the user’s own', () => {
    const refresh = TestBed.inject(Refresh);
    refresh.now();
    expect(refresh.tick()).toBe(1);
  });

  it('says so a few times before long after something was begun, and then no more', () => {
    const refresh = TestBed.inject(Refresh);
    refresh.soon();
    expect(refresh.tick()).toBe(0);
    jest.advanceTimersByTime(INTERVAL_MS - 1);
    expect(refresh.tick()).toBe(3);
    jest.advanceTimersByTime(INTERVAL_MS);
    expect(refresh.tick()).toBe(4);
  });

  it('is still when the application is gone', () => {
    const { tick } = TestBed.inject(Refresh);
    TestBed.resetTestingModule();
    jest.advanceTimersByTime(10 * INTERVAL_MS);
    show('visible');
    expect(tick()).toBe(0);
  });
});
