import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { REDACTED, type CommandError } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { IfRole } from '../../../core/session/if-role';
import { Session } from '../../../core/session/session';
import { ActionsApi } from '../../../shared/acts/actions-api';
import { prefillParam } from '../../../shared/acts/prefill';
import { CopyButton } from '../../../shared/copy/copy-button';
import { RelativeTime } from '../../../shared/format/relative-time';
import { JsonView } from '../../../shared/json/json-view';
import { PageHeader } from '../../../shared/layout/page-header';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StaleNote } from '../../../shared/states/stale-note';
import { StatusBadge } from '../../../shared/status/status-badge';
import { CommandActs } from '../command-acts';
import { actsFor, COMMAND_ACTS, isOpen, outcomeKey } from '../command-rules';
import { CommandsApi } from '../commands-api';
import type { ActContext } from '../results/act-context';
import { CommandResultView } from '../results/command-result';
import { CommandLog } from './command-log';
import { CommandProgressView } from './command-progress';
import { CommandTimeline } from './command-timeline';
import { OneTimeKey } from './one-time-key';

/** Whether an error says more than its code and message. */
const hasMore = (error: CommandError | null): boolean => Object.keys(error ?? {}).length > 2;

interface SeenKey {
  readonly commandId: string;
  readonly key: string | null;
}

/** One command, followed until it ends. */
@Component({
  selector: 'ops-command-detail',
  templateUrl: './command-detail.html',
  styleUrl: './command-detail.scss',
  imports: [
    CommandLog,
    CommandProgressView,
    CommandResultView,
    CommandTimeline,
    CopyButton,
    FailedState,
    IfRole,
    JsonView,
    MatButton,
    MatIcon,
    OneTimeKey,
    PageHeader,
    RelativeTime,
    RouterLink,
    Skeleton,
    StatusBadge,
    StaleNote,
    TextPipe,
  ],
})
export class CommandDetail {
  /** From the address. */
  readonly id = input.required<string>();
  readonly #session = inject(Session);
  protected readonly acts = inject(CommandActs);
  protected readonly command = inject(CommandsApi).get(this.id, () => this.isFollowed());
  protected readonly isFollowed = computed(() => {
    const command = this.command.value();
    return command === undefined || isOpen(command);
  });
  protected readonly isOpen = computed(() => this.command.value() !== undefined && this.isFollowed());

  readonly #generatedKey = computed(() => this.command.value()?.result?.data?.generatedKey);
  /** The server returns it in one answer only, so the first one is kept, only here. */
  readonly #seen = linkedSignal<SeenKey, SeenKey>({
    source: () => {
      const key = this.#generatedKey();
      return { commandId: this.id(), key: typeof key === 'string' && key !== REDACTED ? key : null };
    },
    computation: (now, previous) =>
      now.key === null && previous?.value.commandId === now.commandId ? previous.value : now,
  });
  protected readonly key = computed(() => this.#seen().key);
  protected readonly isKeyGone = computed(() => this.key() === null && this.#generatedKey() === REDACTED);

  protected readonly allActs = COMMAND_ACTS;
  protected readonly possibleActs = computed(() => {
    const command = this.command.value();
    return command ? actsFor(command) : [];
  });
  protected readonly outcome = computed(() => {
    const command = this.command.value();
    return command ? outcomeKey(command) : null;
  });
  /** A result may contain nothing that is not shown above already. */
  protected readonly hasResult = computed(() => {
    const result = this.command.value()?.result;
    return Boolean(result && (result.late || result.message !== null || result.data !== null || hasMore(result.error)));
  });
  protected readonly hasPayload = computed(() => Object.keys(this.command.value()?.payload ?? {}).length > 0);
  protected readonly prefill = computed(() => ({ payload: prefillParam(this.command.value()?.payload) }));

  /** Read when the command has ended, and only for users who may run the offered actions. */
  readonly #actions = inject(ActionsApi).actionsOf(() => {
    const command = this.command.value();
    const offers = command?.result?.data?.list ?? command?.result?.data?.detail;
    return command && offers && this.#session.allows('operator') ? command.serviceId : undefined;
  });
  protected readonly context = computed<ActContext | null>(() => {
    const command = this.command.value();
    if (!command) return null;
    const { serviceId, serviceName, serviceCode } = command;
    return { serviceId, serviceName, serviceCode, actions: this.#actions.value() ?? [] };
  });
}
