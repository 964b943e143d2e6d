import { inject, Injectable } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Confirm } from './confirm-dialog';
import type { Ask } from './danger-ladder';

/** What is about to run, in words. */
export interface RunQuestion {
  readonly ask: Ask;
  /** The action's label. */
  readonly action: string;
  readonly serviceName: string;
  readonly serviceCode: string;
  /** What the service itself says of it. */
  readonly note?: string | undefined;
}

/** Asks before an action runs, as its danger demands. */
@Injectable({ providedIn: 'root' })
export class AskToRun {
  readonly #confirm = inject(Confirm);
  readonly #transloco = inject(TranslocoService);

  /** Whether it may run; at once when nothing needs to be asked. */
  async agreed({ ask, action, serviceName, serviceCode, note }: RunQuestion): Promise<boolean> {
    if (ask === 'nothing') return true;
    const params = { action, service: serviceName, code: serviceCode };
    const text = (key: string): string => this.#transloco.translate(`actions.ask.${key}`, params);
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
