import { DOCUMENT, inject, Injectable, signal } from '@angular/core';
import { Theme } from '../../../core/theme/theme';

/** What a chart needs colours for, by the tokens they have in the styles. */
const TOKENS = {
  good: '--status-good',
  warning: '--status-warning',
  bad: '--status-bad',
  offline: '--status-offline',
  busy: '--status-busy',
  muted: '--ops-muted',
  line: '--ops-line',
  surface: '--ops-surface',
} as const;
export type ChartColors = Readonly<Record<keyof typeof TOKENS, string>>;

/** The colours of the theme in force, for what is drawn on a canvas and not by the styles. */
@Injectable({ providedIn: 'root' })
export class ChartPalette {
  readonly #document = inject(DOCUMENT);
  readonly #theme = inject(Theme);
  readonly #systemChanges = signal(0);

  constructor() {
    this.#document.defaultView?.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#systemChanges.update((count) => count + 1);
    });
  }

  /** Follows the theme when it is read in a computation. */
  colors(): ChartColors {
    this.#theme.name();
    this.#systemChanges();
    const probe = this.#document.createElement('span');
    // Where motion is reduced everything has a tiny transition, at whose start a colour is still the one before.
    probe.style.transition = 'none';
    this.#document.body.append(probe);
    const entries = Object.entries(TOKENS).map(([name, token]) => {
      probe.style.color = `var(${token})`;
      // A token may stand for one colour in each theme: only what it comes to is a colour.
      return [name, getComputedStyle(probe).color] as const;
    });
    probe.remove();
    return Object.fromEntries(entries) as ChartColors;
  }
}
