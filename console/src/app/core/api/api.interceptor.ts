import {
  HttpErrorResponse,
  HttpResponse,
  type HttpEvent,
  type HttpHandlerFn,
  type HttpRequest,
} from '@angular/common/http';
import { inject, Injector } from '@angular/core';
import { catchError, from, map, of, switchMap, throwError, type Observable } from 'rxjs';
import type { SuccessEnvelope } from '#contracts';
import type { TextKey } from '../i18n/text-key';
import { Texts } from '../i18n/texts';
import { CsrfRenewal } from '../recovery/csrf-renewal';
import { ConfirmIdentity } from '../session/confirm-identity';
import { CsrfToken } from '../session/csrf-token';
import { Enrolment } from '../session/enrolment';
import { ApiError, toApiError } from './api-error';

const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

const isEnvelope = (body: unknown): body is SuccessEnvelope<unknown> =>
  typeof body === 'object' && body !== null && 'success' in body && 'data' in body;

/** The `data` of the envelope, or `{data, pagination}` of a list. */
const open = (event: HttpEvent<unknown>): HttpEvent<unknown> => {
  if (!(event instanceof HttpResponse) || !isEnvelope(event.body)) return event;
  const { pagination } = event.body;
  const { data } = event.body;
  return event.clone({ body: pagination ? { data, pagination } : data });
};

/** The same failure, with the envelope read from the blob in which a download gets it. */
const readable = (failure: unknown): Observable<never> => {
  if (!(failure instanceof HttpErrorResponse) || !(failure.error instanceof Blob)) return throwError(() => failure);
  const { headers, status, url } = failure;
  return from(failure.error.text()).pipe(
    map((text) => JSON.parse(text) as unknown),
    // Not from our server: the text of a proxy is not shown.
    catchError(() => of(null)),
    switchMap((error) =>
      throwError(() => new HttpErrorResponse({ error, headers, status, ...(url !== null && { url }) })),
    ),
  );
};

/** Here a 401 means wrong or incomplete credentials, not the end of a session. */
const SIGN_IN = /\/auth\/login(?:\/passkey)?$/;

/** Texts for failures without a message of the server. */
const UNSAID: Readonly<Record<string, TextKey>> = { OFFLINE: 'common.offline', UNEXPECTED: 'common.unexpected' };

/** Texts in place of the server's: its message names the call that confirms who the user is. */
const REWORDED: Readonly<Record<string, TextKey>> = {
  ...UNSAID,
  CONFIRMATION_REQUIRED: 'common.confirmIdentity.cancelled',
};

const inWords = (error: ApiError, texts: Texts): ApiError => {
  const { code, status, requestId } = error;
  const key = REWORDED[code];
  return key === undefined ? error : new ApiError(code, texts.translate(key, { status }), status, requestId);
};

/** Opens the envelope, adds the CSRF token, renews a refused one, asks users to confirm who they are, and turns every failure into an `ApiError`. */
export const apiInterceptor = (request: HttpRequest<unknown>, next: HttpHandlerFn): Observable<HttpEvent<unknown>> => {
  const csrf = inject(CsrfToken);
  const enrolment = inject(Enrolment);
  const texts = inject(Texts);
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
    // Injected late: it needs the HTTP client, which needs this interceptor.
    return from(injector.get(CsrfRenewal).renew()).pipe(
      switchMap((isRenewed) => (isRenewed ? send() : throwError(() => thrown))),
    );
  };
  /** Sends the request once more after the user has confirmed who they are. */
  const sendConfirmed = (thrown: unknown): Observable<HttpEvent<unknown>> => {
    if (toApiError(thrown).code !== 'CONFIRMATION_REQUIRED') return throwError(() => thrown);
    return from(injector.get(ConfirmIdentity).ask()).pipe(
      switchMap((isConfirmed) => (isConfirmed ? send() : throwError(() => thrown))),
    );
  };
  return send().pipe(
    catchError(sendRenewed),
    catchError(sendConfirmed),
    catchError((thrown: unknown) => {
      const error = inWords(toApiError(thrown), texts);
      if (error.status === 401 && !SIGN_IN.test(request.url)) csrf.sessionEnded();
      if (error.code === 'PASSKEY_ENROLMENT_REQUIRED') enrolment.set(true);
      return throwError(() => error);
    }),
  );
};
