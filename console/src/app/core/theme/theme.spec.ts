import { TestBed } from '@angular/core/testing';
import { Theme, THEMES } from './theme';

const KEY = 'opstage.theme';
const shown = (): string | undefined => document.documentElement.dataset.theme;

describe('Theme', () => {
  it('is that of the system until one is chosen', () => {
    const theme = TestBed.inject(Theme);
    theme.apply();
    expect(theme.name()).toBe('system');
    expect(shown()).toBe('system');
  });

  it.each(THEMES)('shows %s at once when that is chosen, and remembers it', (name) => {
    const theme = TestBed.inject(Theme);
    theme.choose(name);
    expect(theme.name()).toBe(name);
    expect(shown()).toBe(name);
    expect(localStorage.getItem(KEY)).toBe(name);
  });

  it('is the one chosen before', () => {
    localStorage.setItem(KEY, 'dark');
    const theme = TestBed.inject(Theme);
    theme.apply();
    expect(theme.name()).toBe('dark');
    expect(shown()).toBe('dark');
  });

  it('does not believe everything that is stored', () => {
    localStorage.setItem(KEY, 'pink"onload="alert(1)');
    expect(TestBed.inject(Theme).name()).toBe('system');
  });
});
