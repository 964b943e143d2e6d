import { computed, effect, inject, Injectable, signal } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { TitleStrategy, type RouterStateSnapshot } from '@angular/router';
import type { TextKey } from '../i18n/text-key';
import { Texts } from '../i18n/texts';
import { withVisibleMarks } from '../i18n/visible-marks';

const PRODUCT = 'Opstage CE';

/**
 * The title of the document: the heading of the page, the `title` of its route (the key of a text) and the product. It
 * follows the language.
 */
@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  readonly #title = inject(Title);
  readonly #texts = inject(Texts);
  readonly #route = signal<TextKey | null>(null);
  readonly #heading = signal<string | null>(null);
  readonly #text = computed(() => {
    const key = this.#route();
    const route = key === null ? null : this.#texts.translate(key);
    return [...new Set([this.#heading(), route, PRODUCT])].filter(Boolean).join(' · ');
  });

  constructor() {
    super();
    effect(() => {
      this.#title.setTitle(withVisibleMarks(this.#text()));
    });
  }

  override updateTitle(snapshot: RouterStateSnapshot): void {
    // Routes name their title by `satisfies TextKey`.
    this.#route.set((this.buildTitle(snapshot) as TextKey | undefined) ?? null);
  }

  /** Sets what the page is called, such as the name of the agent it shows; null when it is left. */
  setHeading(heading: string | null): void {
    this.#heading.set(heading);
  }
}
