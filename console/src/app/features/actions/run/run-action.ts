import { Location } from '@angular/common';
import { Component, computed, inject, input, linkedSignal, resource, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router, RouterLink } from '@angular/router';
import type { Command, ExecuteActionRequest, JsonObject, ServiceAction } from '#contracts';
import { toApiError, type ApiError } from '../../../core/api/api-error';
import { TextPipe } from '../../../core/i18n/texts';
import { Refresh } from '../../../core/live/refresh';
import { ActionsApi } from '../../../shared/acts/actions-api';
import { AskToRun } from '../../../shared/acts/ask-to-run';
import { askFor } from '../../../shared/acts/danger-ladder';
import { newIdempotencyKey } from '../../../shared/acts/idempotency-key';
import { readPrefill } from '../../../shared/acts/prefill';
import { isJsonObject } from '../../../shared/json/json-text';
import { JsonView } from '../../../shared/json/json-view';
import { PageHeader } from '../../../shared/layout/page-header';
import { DetailFields } from '../../../shared/results/detail-fields';
import { DETAIL_HINT, detailHintOf } from '../../../shared/results/result-shapes';
import { EmptyState } from '../../../shared/states/empty-state';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StatusBadge } from '../../../shared/status/status-badge';
import { PayloadEditor } from './payload-editor';
import { PrepareWait } from './prepare-wait';

/** After these the declared schema is used: the agent did not answer or could not prepare. */
const WITHOUT_PREPARING = ['ACTION_PREPARE_TIMEOUT', 'ACTION_PREPARE_FAILED'];

interface Sending {
  /** What was sent, so that it can be repeated with the same key. */
  readonly body: string;
  readonly key: string;
}

/** Prepares an action, asks for its payload, and runs it after the confirmation its danger requires. */
@Component({
  selector: 'ops-run-action',
  templateUrl: './run-action.html',
  styleUrl: './run-action.scss',
  imports: [
    DetailFields,
    EmptyState,
    FailedState,
    JsonView,
    MatButton,
    MatIcon,
    MatProgressBar,
    PageHeader,
    PayloadEditor,
    PrepareWait,
    RouterLink,
    Skeleton,
    StatusBadge,
    TextPipe,
  ],
})
export class RunAction {
  /** Id of the service; from the address, like the two below. */
  readonly id = input.required<string>();
  readonly name = input.required<string>();
  readonly payload = input<string>();
  readonly #api = inject(ActionsApi);
  readonly #router = inject(Router);
  readonly #refresh = inject(Refresh);
  readonly #askToRun = inject(AskToRun);
  readonly #location = inject(Location);
  readonly #ref = computed(() => ({ serviceId: this.id(), name: this.name() }), {
    equal: (a, b) => a.serviceId === b.serviceId && a.name === b.name,
  });

  protected readonly service = this.#api.service(this.id);
  protected readonly declared = computed(() => this.service.value()?.actions.find(({ name }) => name === this.name()));

  readonly #attempt = linkedSignal({ source: this.#ref, computation: () => 1 });
  protected readonly isPreparing = linkedSignal({ source: this.#ref, computation: () => true });
  protected readonly preparation = resource({
    params: () => (this.isPreparing() ? { ref: this.#ref(), attempt: this.#attempt() } : undefined),
    loader: ({ params, abortSignal }) => this.#api.prepare(params.ref, abortSignal),
  });
  protected readonly preparationError = computed(() => {
    const thrown = this.preparation.error();
    return thrown === undefined ? null : toApiError(thrown.cause ?? thrown);
  });
  protected readonly canSkip = computed(() => WITHOUT_PREPARING.includes(this.preparationError()?.code ?? ''));
  /** The agent's preparation of the form. */
  protected readonly preparationReason = computed(() => {
    const details = this.preparationError()?.details;
    const reason = isJsonObject(details) ? details.errorMessage : undefined;
    return typeof reason === 'string' ? reason : null;
  });
  protected readonly prepared = computed(() => (this.preparation.hasValue() ? this.preparation.value() : null));

  /** The action to run; null until it is known. */
  protected readonly action = computed<ServiceAction | null>(() =>
    this.isPreparing() ? (this.prepared()?.action ?? null) : (this.declared() ?? null),
  );
  protected readonly schema = computed(() => this.action()?.inputSchema ?? null, { equal: sameJson });
  /** The note, the question and the details that a row's action brings; those of another action are gone. */
  readonly #wish = linkedSignal<unknown, JsonObject>({
    source: this.#ref,
    computation: () => {
      const state: unknown = this.#location.getState();
      return isJsonObject(state) ? state : {};
    },
  });
  readonly #prefill = computed(() => readPrefill(this.payload()));
  protected readonly initial = computed<JsonObject>(
    () => {
      const { [DETAIL_HINT]: _, ...payload } = { ...this.prepared()?.initialPayload, ...this.#prefill() };
      return payload;
    },
    { equal: sameJson },
  );
  /** What the row and the service want to be seen above the form. */
  protected readonly hints = computed(() => {
    const { currentState, initialPayload } = this.prepared() ?? {};
    const ofRow = this.#prefill()[DETAIL_HINT] ?? this.#wish().detail ?? initialPayload?.[DETAIL_HINT];
    const ofState = isJsonObject(currentState) ? currentState.detail : undefined;
    return [detailHintOf(ofRow), detailHintOf(ofState)].filter((hint) => hint !== null);
  });
  protected readonly title = computed(() => this.action()?.label ?? this.declared()?.label ?? this.name());

  protected readonly editor = viewChild(PayloadEditor);
  protected readonly isSending = signal(false);
  protected readonly refusal = linkedSignal<unknown, ApiError | null>({ source: this.#ref, computation: () => null });
  #sending: Sending | null = null;

  protected retry(): void {
    this.#attempt.update((attempt) => attempt + 1);
  }

  protected goOnWithoutPreparing(): void {
    this.isPreparing.set(false);
  }

  protected async run(): Promise<void> {
    const payload = this.editor()?.read();
    if (!payload || this.isSending()) return;
    this.refusal.set(null);
    const request = await this.#asked(payload);
    if (!request) return;
    this.isSending.set(true);
    try {
      const command = await this.#send(request);
      this.editor()?.clear();
      this.#sending = null;
      await this.#router.navigate(['/commands', command.id]);
      this.#refresh.soon();
    } catch (thrown) {
      this.#refused(toApiError(thrown));
    } finally {
      this.isSending.set(false);
    }
  }

  /** The request; null when the operator declined. */
  async #asked(payload: JsonObject): Promise<ExecuteActionRequest | null> {
    const action = this.declared() ?? this.action();
    const service = this.service.value();
    if (!action || !service) return null;
    const wish = this.#wish();
    const ask = askFor(action, wish.isAskedFor === true);
    const note = typeof wish.note === 'string' ? wish.note : undefined;
    const question = { ask, action: this.title(), serviceName: service.name, serviceCode: service.code, note };
    if (!(await this.#askToRun.agreed(question))) return null;
    const prepareCommandId = this.isPreparing() ? this.prepared()?.prepareCommand.id : undefined;
    return {
      payload,
      ...(ask !== 'nothing' && { confirmation: true }),
      ...(prepareCommandId !== undefined && { prepareCommandId }),
    };
  }

  #send(request: ExecuteActionRequest): Promise<Command> {
    const body = JSON.stringify(request);
    if (this.#sending?.body !== body) this.#sending = { body, key: newIdempotencyKey() };
    return this.#api.run(this.#ref(), request, this.#sending.key);
  }

  #refused(error: ApiError): void {
    // The sign-in dialog shows it; what was typed stays.
    if (error.status === 401) return;
    this.refusal.set(error);
    this.editor()?.show(error.issues);
  }
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
