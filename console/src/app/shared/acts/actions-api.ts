import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { firstValueFrom, fromEvent, takeUntil } from 'rxjs';
import type { CapsuleServiceDetail, Command, ExecuteActionRequest, PreparedAction, ServiceAction } from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

const BASE = '/api/admin/capsule-services';

const serviceUrl = (id: string): string => `${BASE}/${encodeURIComponent(id)}`;

/** Names one action of one service. */
export interface ActionRef {
  readonly serviceId: string;
  readonly name: string;
}

const actionUrl = ({ serviceId, name }: ActionRef): string =>
  `${serviceUrl(serviceId)}/actions/${encodeURIComponent(name)}`;

/** Reads, prepares and runs the actions of services. */
@Injectable({ providedIn: 'root' })
export class ActionsApi {
  readonly #http = inject(HttpClient);

  /** The service with its current actions. */
  service(id: () => string): LiveResource<CapsuleServiceDetail> {
    return liveResource<CapsuleServiceDetail>(() => serviceUrl(id()));
  }

  /** The actions of a service, read once; nothing is read without an id. */
  actionsOf(serviceId: () => string | undefined): LiveResource<readonly ServiceAction[]> {
    const url = (): string | undefined => {
      const id = serviceId();
      return id === undefined ? undefined : `${serviceUrl(id)}/actions`;
    };
    return liveResource<readonly ServiceAction[]>(url, { once: true });
  }

  /** @throws ApiError */
  listActions(serviceId: string): Promise<readonly ServiceAction[]> {
    return firstValueFrom(this.#http.get<readonly ServiceAction[]>(`${serviceUrl(serviceId)}/actions`));
  }

  /** Asks the agent for the form's initial values, which may take half a minute. @throws ApiError */
  prepare(action: ActionRef, abort: AbortSignal): Promise<PreparedAction> {
    const stopped = fromEvent(abort, 'abort');
    return firstValueFrom(this.#http.get<PreparedAction>(actionUrl(action)).pipe(takeUntil(stopped)));
  }

  /** Creates the command; repeating the key creates no second one. @throws ApiError */
  run(action: ActionRef, request: ExecuteActionRequest, idempotencyKey: string): Promise<Command> {
    const headers = { 'Idempotency-Key': idempotencyKey };
    return firstValueFrom(this.#http.post<Command>(actionUrl(action), request, { headers }));
  }
}
