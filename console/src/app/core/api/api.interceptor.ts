import {
  HttpErrorResponse,
  HttpResponse,
  type HttpEvent,
  type HttpHandlerFn,
  type HttpRequest,
} from '@angular/common/http';
import { inject, Injector } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { catchError, from, map, of, switchMap, throwError, type Observable } from 'rxjs';
import type { SuccessEnvelope } from '#contracts';
import { CsrfRenewal } from '../recovery/csrf-renewal';
import { CsrfToken } from '../session/csrf-token';
import { Enrolment } from '../session/enrolment';
import { ApiError, toApiError } from './api-error';
import { withVisibleMarks } from './visible-marks';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

const isEnvelope = (body: unknown): body is SuccessEnvelope<unknown> =>
  typeof body === 'object' && body !== null && 'success' in body && 'data' in body;

/** `data` of the envelope; of a list `{data, pagination}`. Nothing in it can change the order a text is read in. */
const open = (event: HttpEvent<unknown>): HttpEvent<unknown> => {
  if (!(event instanceof HttpResponse) || !isEnvelope(event.body)) return event;
  const { pagination } = event.body;
  const data = withVisibleMarks(event.body.data);
  return event.clone({ body: pagination ? { data, pagination } : data });
};

/** The same failure; that of a download has its envelope in a blob, which is read first. */
const readable = (failure: unknown): Observable<never> => {
  if (!(failure instanceof HttpErrorResponse) || !(failure.error instanceof Blob)) return throwError(() => failure);
  const { headers, status, url } = failure;
  return from(failure.error.text()).pipe(
    map((text) => JSON.parse(text) as unknown),
    // Not from our server: what a proxy says is not shown.
    catchError(() => of(null)),
    switchMap((error) =>
      throwError(() => new HttpErrorResponse({ error, headers, status, ...(url !== null && { url }) })),
    ),
  );
};

/** Here a 401 says that what was shown is wrong, or not all there is to show. */
const SIGN_IN = /\/auth\/login(?:\/passkey)?$/;

/** Where the server said nothing itself, the console does, in the user's language. */
const UNSAID: Readonly<Record<string, string>> = { OFFLINE: 'common.offline', UNEXPECTED: 'common.unexpected' };

const inWords = (error: ApiError, transloco: TranslocoService): ApiError => {
  const { code, status, requestId } = error;
  const key = UNSAID[code];
  return key === undefined ? error : new ApiError(code, transloco.translate(key, { status }), status, requestId);
};

/** Opens the envelope, adds the CSRF token, renews it when it is refused, and turns every failure into an `ApiError`. */
export const apiInterceptor = (request: HttpRequest<unknown>, next: HttpHandlerFn): Observable<HttpEvent<unknown>> => {
  const csrf = inject(CsrfToken);
  const enrolment = inject(Enrolment);
  const transloco = inject(TranslocoService);
  const injector = inject(Injector);
  const send = (): Observable<HttpEvent<unknown>> => {
    const token = csrf.value();
    const needsToken = token !== null && !SAFE_METHODS.includes(request.method);
    const sent = needsToken ? request.clone({ setHeaders: { 'X-CSRF-Token': token } }) : request;
    return next(sent).pipe(map(open), catchError(readable));
  };
  /** Sends the request once more when another tab has replaced the session of the same user. */
  const sendRenewed = (thrown: unknown): Observable<HttpEvent<unknown>> => {
    if (toApiError(thrown).code !== 'CSRF_INVALID') return throwError(() => thrown);
    // Only now: it needs the HTTP client, which needs this interceptor.
    return from(injector.get(CsrfRenewal).renew()).pipe(
      switchMap((isRenewed) => (isRenewed ? send() : throwError(() => thrown))),
    );
  };
  return send().pipe(
    catchError(sendRenewed),
    catchError((thrown: unknown) => {
      const error = inWords(toApiError(thrown), transloco);
      if (error.status === 401 && !SIGN_IN.test(request.url)) csrf.sessionEnded();
      if (error.code === 'PASSKEY_ENROLMENT_REQUIRED') enrolment.set(true);
      return throwError(() => error);
    }),
  );
};
