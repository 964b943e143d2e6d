import { DOCUMENT, inject, Injectable, signal } from '@angular/core';
import { Theme } from '../../../core/theme/theme';

/** The colours of a chart, by their CSS tokens. */
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

/** The colours of the current theme, for a canvas. */
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

  /** Reactive: follows the theme. */
  colors(): ChartColors {
    this.#theme.name();
    this.#systemChanges();
    const probe = this.#document.createElement('span');
    // With reduced motion everything has a tiny transition, which starts with the old colour.
    probe.style.transition = 'none';
    this.#document.body.append(probe);
    const entries = Object.entries(TOKENS).map(([name, token]) => {
      probe.style.color = `var(${token})`;
      // A token may have a colour for each theme; only its computed value is a colour.
      return [name, getComputedStyle(probe).color] as const;
    });
    probe.remove();
    return Object.fromEntries(entries) as ChartColors;
  }
}
