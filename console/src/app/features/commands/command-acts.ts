import { inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';
import { TranslocoService } from '@jsverse/transloco';
import type { Command } from '#contracts';
import { Refresh } from '../../core/live/refresh';
import { Notify } from '../../core/notify/notify';
import { ActionsApi } from '../../shared/acts/actions-api';
import { AskToRun } from '../../shared/acts/ask-to-run';
import { Confirm } from '../../shared/acts/confirm-dialog';
import { askFor, type Danger } from '../../shared/acts/danger-ladder';
import type { CommandAct } from './command-rules';
import { mayHaveRun } from './command-rules';
import { CommandsApi } from './commands-api';

/** When nobody can say how dangerous an action is, it is asked about as if it were. */
const UNKNOWN_DANGER: Danger = { dangerLevel: 'HIGH', requiresConfirmation: true };

/** Cancels and retries commands: asks, does it, and says what came of it. */
@Injectable({ providedIn: 'root' })
export class CommandActs {
  readonly #api = inject(CommandsApi);
  readonly #actions = inject(ActionsApi);
  readonly #askToRun = inject(AskToRun);
  readonly #confirm = inject(Confirm);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  readonly #router = inject(Router);
  readonly #transloco = inject(TranslocoService);

  async run(command: Command, act: CommandAct): Promise<void> {
    try {
      await (act === 'cancel' ? this.#cancel(command) : this.#retry(command));
    } catch (error) {
      this.#notify.failed(error);
      this.#refresh.now();
    }
  }

  async #cancel(command: Command): Promise<void> {
    const params = { action: command.actionLabel ?? command.actionName, service: command.serviceName };
    const text = (key: string): string => this.#transloco.translate(`commands.cancel.${key}`, params);
    const isAgreed = await this.#confirm.ask({
      title: text('title'),
      text: text(command.status === 'RUNNING' ? 'running' : 'pending'),
      act: text('act'),
      isDangerous: true,
    });
    if (!isAgreed) return;
    await this.#api.cancel(command.id);
    this.#notify.done('commands.cancel.done', params);
    this.#refresh.now();
  }

  async #retry(command: Command): Promise<void> {
    const { serviceId, serviceName, serviceCode, actionName } = command;
    const action = (await this.#actions.listActions(serviceId)).find(({ name }) => name === actionName);
    const isUnsure = mayHaveRun(command);
    const isAgreed = await this.#askToRun.agreed({
      ask: askFor(action ?? UNKNOWN_DANGER, isUnsure),
      action: action?.label ?? actionName,
      serviceName,
      serviceCode,
      ...(isUnsure && { note: this.#transloco.translate('commands.retry.mayHaveRun') }),
    });
    if (!isAgreed) return;
    const repeated = await this.#api.retry(command.id);
    await this.#router.navigate(['/commands', repeated.id]);
    this.#notify.done('commands.retry.done', { action: action?.label ?? actionName });
    this.#refresh.soon();
  }
}
