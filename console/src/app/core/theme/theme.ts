import { DOCUMENT, inject, Injectable, signal } from '@angular/core';

export const THEMES = ['system', 'light', 'dark'] as const;
export type ThemeName = (typeof THEMES)[number];

const KEY = 'opstage.theme';

const isThemeName = (value: string | null): value is ThemeName => THEMES.some((name) => name === value);

/** The theme: light, dark or the system's; remembered in this browser. */
@Injectable({ providedIn: 'root' })
export class Theme {
  readonly #document = inject(DOCUMENT);
  readonly #name = signal<ThemeName>(this.#stored());

  readonly name = this.#name.asReadonly();

  choose(name: ThemeName): void {
    this.#name.set(name);
    localStorage.setItem(KEY, name);
    this.apply();
  }

  apply(): void {
    this.#document.documentElement.dataset.theme = this.#name();
  }

  #stored(): ThemeName {
    const stored = localStorage.getItem(KEY);
    return isThemeName(stored) ? stored : 'system';
  }
}
