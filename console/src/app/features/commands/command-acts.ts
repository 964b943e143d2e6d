import { inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';
import type { Command } from '#contracts';
import { Texts } from '../../core/i18n/texts';
import { Refresh } from '../../core/live/refresh';
import { Notify } from '../../core/notify/notify';
import { ActionsApi } from '../../shared/acts/actions-api';
import { AskAndDo } from '../../shared/acts/ask-and-do';
import { AskToRun } from '../../shared/acts/ask-to-run';
import { askFor, type Danger } from '../../shared/acts/danger-ladder';
import type { CommandAct } from './command-rules';
import { mayHaveRun } from './command-rules';
import { CommandsApi } from './commands-api';

/** An action that is no longer declared is confirmed like a dangerous one. */
const UNKNOWN_DANGER: Danger = { dangerLevel: 'HIGH', requiresConfirmation: true };

/** Cancels and retries commands, each after a confirmation. */
@Injectable({ providedIn: 'root' })
export class CommandActs {
  readonly #api = inject(CommandsApi);
  readonly #actions = inject(ActionsApi);
  readonly #askToRun = inject(AskToRun);
  readonly #askAndDo = inject(AskAndDo);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  readonly #router = inject(Router);
  readonly #texts = inject(Texts);

  run(command: Command, act: CommandAct): Promise<void> {
    return act === 'cancel' ? this.#cancel(command) : this.#retry(command);
  }

  #cancel({ id, status, actionLabel, actionName, serviceName }: Command): Promise<void> {
    const params = { action: actionLabel ?? actionName, service: serviceName };
    const text = status === 'RUNNING' ? 'commands.cancel.running' : 'commands.cancel.pending';
    const asked = { texts: 'commands.cancel', text, params, isDangerous: true } as const;
    return this.#askAndDo.run(asked, () => this.#api.cancel(id));
  }

  async #retry(command: Command): Promise<void> {
    try {
      await this.#askAndRetry(command);
    } catch (error) {
      this.#notify.failed(error);
      this.#refresh.now();
    }
  }

  async #askAndRetry(command: Command): Promise<void> {
    const { serviceId, serviceName, serviceCode, actionName } = command;
    const action = (await this.#actions.listActions(serviceId)).find(({ name }) => name === actionName);
    const isUnsure = mayHaveRun(command);
    const isAgreed = await this.#askToRun.agreed({
      ask: askFor(action ?? UNKNOWN_DANGER, isUnsure),
      action: action?.label ?? actionName,
      serviceName,
      serviceCode,
      ...(isUnsure && { note: this.#texts.translate('commands.retry.mayHaveRun') }),
    });
    if (!isAgreed) return;
    const repeated = await this.#api.retry(command.id);
    await this.#router.navigate(['/commands', repeated.id]);
    this.#notify.done('commands.retry.done', { action: action?.label ?? actionName });
    this.#refresh.soon();
  }
}
