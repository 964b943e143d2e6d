import { inject, Injectable } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import type { RegistrationToken, TokenStatus } from '#contracts';
import { Refresh } from '../../core/live/refresh';
import { Notify } from '../../core/notify/notify';
import { Confirm } from '../../shared/acts/confirm-dialog';
import { RegistrationTokensApi } from './registration-tokens-api';

/** What an operator may do to a token. */
export type TokenAct = 'revoke' | 'delete';

const ACTS: Readonly<Record<TokenStatus, readonly TokenAct[]>> = {
  ACTIVE: ['revoke'],
  USED: [],
  EXPIRED: ['delete'],
  REVOKED: ['delete'],
};

/** What can be done to a token in this status. */
export const actsFor = (status: TokenStatus): readonly TokenAct[] => ACTS[status];

/** Asks, does it, and says what came of it. */
@Injectable({ providedIn: 'root' })
export class TokenActs {
  readonly #api = inject(RegistrationTokensApi);
  readonly #confirm = inject(Confirm);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  readonly #transloco = inject(TranslocoService);

  async run(token: RegistrationToken, act: TokenAct): Promise<void> {
    const name = token.name ?? token.tokenPrefix;
    const text = (part: string): string => this.#transloco.translate(`registration.${act}.${part}`, { name });
    const isAgreed = await this.#confirm.ask({
      title: text('title'),
      text: text('text'),
      act: text('act'),
      isDangerous: true,
    });
    if (!isAgreed) return;
    try {
      await this.#api[act](token.id);
      this.#notify.done(`registration.${act}.done`, { name });
    } catch (error) {
      this.#notify.failed(error);
    }
    this.#refresh.now();
  }
}
