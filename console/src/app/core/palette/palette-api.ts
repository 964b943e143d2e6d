import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { catchError, forkJoin, map, of, throwError, type Observable } from 'rxjs';
import {
  isListed,
  type AgentSummary,
  type CapsuleService,
  type Command,
  type Page,
  type ServiceAction,
} from '#contracts';
import { toApiError } from '../api/api-error';

const BASE = '/api/admin';
const MOST = 5;

/** The result of a search: at most five of each kind. */
export interface Found {
  readonly agents: readonly AgentSummary[];
  readonly services: readonly CapsuleService[];
  readonly commands: readonly Command[];
}

const isId = (prefix: string, text: string): boolean => new RegExp(`^${prefix}_[0-9A-Z]{26}$`).test(text);

/** Searches across resources, so it knows the addresses of several. */
@Injectable({ providedIn: 'root' })
export class PaletteApi {
  readonly #http = inject(HttpClient);

  /**
   * Finds by id or part of a name; commands also by the name of their action, service or agent. A command is never read by its
   * id: that shows its one-time key, once.
   */
  find(text: string): Observable<Found> {
    return forkJoin({
      agents: this.#byIdOrText<AgentSummary>('agents', 'agt', text),
      services: this.#byIdOrText<CapsuleService>('capsule-services', 'svc', text),
      commands: this.#some<Command>('commands', { q: text }),
    });
  }

  /** The actions of a service. */
  actionsOf(serviceId: string): Observable<readonly ServiceAction[]> {
    return this.#http
      .get<readonly ServiceAction[]>(`${BASE}/capsule-services/${encodeURIComponent(serviceId)}/actions`)
      .pipe(map((actions) => actions.filter((action) => action.enabled && isListed(action))));
  }

  #byIdOrText<T>(resource: string, prefix: string, text: string): Observable<readonly T[]> {
    return isId(prefix, text) ? this.#one<T>(resource, text) : this.#some<T>(resource, { q: text });
  }

  #some<T>(resource: string, filter: Readonly<Record<string, string>>): Observable<readonly T[]> {
    const params = { ...filter, pageSize: MOST };
    return this.#http.get<Page<T>>(`${BASE}/${resource}`, { params }).pipe(map(({ data }) => data));
  }

  /** One or none: an unknown id is not a failed search. */
  #one<T>(resource: string, id: string): Observable<readonly T[]> {
    return this.#http.get<T>(`${BASE}/${resource}/${id}`).pipe(
      map((found) => [found]),
      catchError((thrown: unknown) => (toApiError(thrown).status === 404 ? of([]) : throwError(() => thrown))),
    );
  }
}
