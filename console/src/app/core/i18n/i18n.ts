import {
  DOCUMENT,
  inject,
  Injectable,
  isDevMode,
  makeEnvironmentProviders,
  provideAppInitializer,
  type EnvironmentProviders,
} from '@angular/core';
import { provideTransloco, TranslocoService, type Translation, type TranslocoLoader } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Notify } from '../notify/notify';
import { provideInterpolation } from './interpolation';

export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'zh', name: '中文' },
] as const;
export type LanguageCode = (typeof LANGUAGES)[number]['code'];

const KEY = 'opstage.language';

const isLanguageCode = (value: string | null): value is LanguageCode => LANGUAGES.some(({ code }) => code === value);

/** The language chosen in this browser, else the browser's own, else English. */
const initialLanguage = (): LanguageCode => {
  const stored = localStorage.getItem(KEY);
  if (isLanguageCode(stored)) return stored;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
};

/** Loads the texts of a language, one lazy chunk each. */
@Injectable({ providedIn: 'root' })
class BundledTexts implements TranslocoLoader {
  async getTranslation(code: string): Promise<Translation> {
    const { texts } = code === 'zh' ? await import('../../../i18n/zh') : await import('../../../i18n/en');
    return texts;
  }
}

/** Switches the language at run time. */
@Injectable({ providedIn: 'root' })
export class Language {
  readonly #transloco = inject(TranslocoService);
  readonly #document = inject(DOCUMENT);
  readonly #notify = inject(Notify);

  readonly code = this.#transloco.activeLang;

  choose(code: LanguageCode): void {
    localStorage.setItem(KEY, code);
    // Switch only after loading, so that nothing is rendered without its texts.
    this.#transloco.load(code).subscribe({
      next: () => {
        this.#transloco.setActiveLang(code);
        this.apply();
      },
      error: (error: unknown) => {
        this.#notify.failed(error);
      },
    });
  }

  /** Sets `lang` of the document, which screen readers follow. */
  apply(): void {
    this.#document.documentElement.lang = this.code();
  }
}

export const provideI18n = (): EnvironmentProviders =>
  makeEnvironmentProviders([
    provideTransloco({
      config: {
        availableLangs: LANGUAGES.map(({ code }) => code),
        defaultLang: initialLanguage(),
        fallbackLang: 'en',
        reRenderOnLangChange: true,
        prodMode: !isDevMode(),
      },
      loader: BundledTexts,
    }),
    provideInterpolation(),
    // The first page is rendered with its texts.
    provideAppInitializer(() => {
      const transloco = inject(TranslocoService);
      return firstValueFrom(transloco.load(transloco.getActiveLang()));
    }),
  ]);
