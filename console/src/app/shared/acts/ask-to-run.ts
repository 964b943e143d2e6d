import { inject, Injectable } from '@angular/core';
import type { KeyPart } from '../../core/i18n/text-key';
import { Texts } from '../../core/i18n/texts';
import { Confirm } from './confirm-dialog';
import type { Ask } from './danger-ladder';

/** What is about to run. */
export interface RunQuestion {
  readonly ask: Ask;
  /** The action's label. */
  readonly action: string;
  readonly serviceName: string;
  readonly serviceCode: string;
  /** The service's own note. */
  readonly note?: string | undefined;
}

/** Asks for confirmation before an action runs, depending on its danger. */
@Injectable({ providedIn: 'root' })
export class AskToRun {
  readonly #confirm = inject(Confirm);
  readonly #texts = inject(Texts);

  /** Whether it may run; true at once when no confirmation is needed. */
  async agreed({ ask, action, serviceName, serviceCode, note }: RunQuestion): Promise<boolean> {
    if (ask === 'nothing') return true;
    const params = { action, service: serviceName, code: serviceCode };
    const text = (key: KeyPart<'actions.ask.'>): string => this.#texts.translate(`actions.ask.${key}`, params);
    return this.#confirm.ask({
      title: text('title'),
      text: text(ask),
      act: text('act'),
      isDangerous: ask === 'typed',
      ...(note !== undefined && { note }),
      ...(ask === 'typed' && { typed: serviceCode }),
    });
  }
}
