import { HttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { firstValueFrom } from 'rxjs';
import { REQUEST_ID } from '../../../testing/backend';
import { startConsole } from '../../../testing/console';
import { CsrfToken } from '../session/csrf-token';
import { ApiError } from './api-error';

const start = () => {
  const backend = startConsole();
  const csrf = TestBed.inject(CsrfToken);
  csrf.set('csrf-1');
  const http = TestBed.inject(HttpClient);
  /** What a call ends with, good or bad. */
  const outcome = (method: string, url: string): Promise<unknown> =>
    firstValueFrom(http.request(method, url, { body: method === 'GET' ? undefined : {} })).catch(
      (error: unknown) => error,
    );
  return { backend, csrf, outcome };
};

describe('apiInterceptor', () => {
  it('opens the envelope', async () => {
    const { backend, outcome } = start();
    const call = outcome('GET', '/api/one');
    await backend.answer('/api/one', { id: 'agt_1' });
    expect(await call).toEqual({ id: 'agt_1' });
  });

  it('leaves the place in the list beside the rows', async () => {
    const { backend, outcome } = start();
    const call = outcome('GET', '/api/list');
    await backend.answerPage('/api/list', [1, 2], { total: 41 });
    expect(await call).toEqual({ data: [1, 2], pagination: { page: 1, pageSize: 20, total: 41 } });
  });

  it('leaves alone what is no envelope', async () => {
    const { backend, outcome } = start();
    const call = outcome('GET', '/file.json');
    backend.request('/file.json').flush({ data: 1 });
    expect(await call).toEqual({ data: 1 });
  });

  it.each(['POST', 'PATCH', 'PUT', 'DELETE'])('sends the CSRF token with a %s', async (method) => {
    const { backend, outcome } = start();
    const call = outcome(method, '/api/one');
    const { request } = await backend.answer('/api/one', {}, method);
    await call;
    expect(request.headers.get('X-CSRF-Token')).toBe('csrf-1');
  });

  it('sends no CSRF token with a reading, nor before there is one', async () => {
    const { backend, csrf, outcome } = start();
    void outcome('GET', '/api/one');
    expect((await backend.answer('/api/one', {})).request.headers.has('X-CSRF-Token')).toBe(false);
    csrf.set(null);
    void outcome('POST', '/api/one');
    expect((await backend.answer('/api/one', {}, 'POST')).request.headers.has('X-CSRF-Token')).toBe(false);
  });

  it('tells a refusal in the words of the server, with the request id and the fields', async () => {
    const { backend, outcome } = start();
    const call = outcome('POST', '/api/one');
    const issues = [{ path: 'name', message: 'too long' }];
    await backend.refuse('/api/one', 'VALIDATION_FAILED', { method: 'POST', message: 'No.', details: { issues } });
    const error = await call;
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: 'No.',
      status: 422,
      requestId: REQUEST_ID,
      issues,
    });
  });

  it('says so when the server does not answer', async () => {
    const { backend, outcome } = start();
    const call = outcome('GET', '/api/one');
    await backend.cut('/api/one');
    expect(await call).toMatchObject({ code: 'OFFLINE', status: 0, requestId: null });
  });

  it('says so when something between answers that is not the server', async () => {
    const { backend, outcome } = start();
    const call = outcome('GET', '/api/one');
    backend.request('/api/one').flush('<html>', { status: 502, statusText: 'Bad Gateway' });
    expect(await call).toMatchObject({ code: 'UNEXPECTED', status: 502 });
  });

  it('takes a 401 for the end of the session', async () => {
    const { backend, csrf, outcome } = start();
    const call = outcome('GET', '/api/one');
    await backend.refuse('/api/one', 'UNAUTHORIZED');
    await call;
    expect(csrf.isSessionOver()).toBe(true);
    expect(csrf.value()).toBeNull();
  });

  it('does not take a wrong password, nor a missing role, for the end of the session', async () => {
    const { backend, csrf, outcome } = start();
    void outcome('POST', '/api/admin/auth/login');
    await backend.refuse('/api/admin/auth/login', 'UNAUTHORIZED', { method: 'POST' });
    void outcome('GET', '/api/one');
    await backend.refuse('/api/one', 'FORBIDDEN');
    expect(csrf.isSessionOver()).toBe(false);
    expect(csrf.value()).toBe('csrf-1');
  });
});
