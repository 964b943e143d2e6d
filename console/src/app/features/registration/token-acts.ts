import { inject, Injectable } from '@angular/core';
import type { RegistrationToken, TokenStatus } from '#contracts';
import { AskAndDo } from '../../shared/acts/ask-and-do';
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

/** Revokes and deletes registration tokens, each after a confirmation. */
@Injectable({ providedIn: 'root' })
export class TokenActs {
  readonly #api = inject(RegistrationTokensApi);
  readonly #askAndDo = inject(AskAndDo);

  run({ id, name, tokenPrefix }: RegistrationToken, act: TokenAct): Promise<void> {
    const params = { name: name ?? tokenPrefix };
    const texts = { texts: `registration.${act}`, text: `registration.${act}.text` } as const;
    const asked = { ...texts, params, isDangerous: true };
    return this.#askAndDo.run(asked, () => this.#api[act](id));
  }
}
