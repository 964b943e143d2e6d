import { inject, Injectable, Pipe, PipeTransform } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { TextKey } from './text-key';

/** What is filled in for the parameters of a text. */
export type TextParams = Readonly<Record<string, unknown>>;

/** Texts in the user's language, for code. Templates use {@link TextPipe}, which follows the language. */
@Injectable({ providedIn: 'root' })
export class Texts {
  readonly #transloco = inject(TranslocoService);
  readonly #loaded = toSignal(this.#transloco.selectTranslation());

  /** The text. A `computed` that asks for it follows the language. */
  translate(key: TextKey, params: TextParams = {}): string {
    this.#loaded();
    return this.#transloco.translate(key, { ...params });
  }
}

/** `'common.save' | transloco`: Transloco's pipe for keys that exist. */
@Pipe({ name: 'transloco', pure: false })
export class TextPipe extends TranslocoPipe implements PipeTransform {
  override transform(key: TextKey | null | undefined, params?: Record<string, unknown>): string {
    return super.transform(key, params);
  }
}
