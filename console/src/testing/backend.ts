import { HttpTestingController, type TestRequest } from '@angular/common/http/testing';
import { ApplicationRef } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ERROR_STATUS, type ErrorCode, type ErrorEnvelope, type Pagination } from '#contracts';

/** The `X-Request-Id` of every response. */
export const REQUEST_ID = 'req-1';

const headers = { 'x-request-id': REQUEST_ID };

/** The fake server of a spec: answers open requests in envelopes, as the real one does. */
export class Backend {
  readonly #http = TestBed.inject(HttpTestingController);

  /** The one open request to this path, whatever its query. */
  request(path: string, method = 'GET'): TestRequest {
    TestBed.tick();
    return this.#http.expectOne(({ url, urlWithParams, method: used }) => {
      return used === method && (url.split('?')[0] === path || urlWithParams === path);
    });
  }

  /** Fails when a request to this path is open. */
  expectNone(path: string): void {
    TestBed.tick();
    this.#http.expectNone(({ url }) => url.split('?')[0] === path);
  }

  /** Fails when any other request is open. */
  expectNoMore(): void {
    TestBed.tick();
    this.#http.verify();
  }

  /** Answers with `data`; returns the request that asked. */
  async answer(path: string, data: unknown, method = 'GET'): Promise<TestRequest> {
    const request = this.request(path, method);
    request.flush({ success: true, data }, { headers });
    await settled();
    return request;
  }

  /** Answers with a page of a list; returns the request that asked. */
  async answerPage(path: string, data: readonly unknown[], pagination: Partial<Pagination> = {}): Promise<TestRequest> {
    const request = this.request(path);
    const all = { page: 1, pageSize: 20, total: data.length, ...pagination };
    request.flush({ success: true, data, pagination: all }, { headers });
    await settled();
    return request;
  }

  /** Refuses with an error code of the contract and its status. */
  async refuse(path: string, code: ErrorCode, { method = 'GET', message = `${code} it is`, details = {} } = {}) {
    const request = this.request(path, method);
    const body: ErrorEnvelope = { success: false, error: { code, message, details } };
    request.flush(body, { headers, status: ERROR_STATUS[code], statusText: code });
    await settled();
    return request;
  }

  /** Fails without a response, as with no network; returns the request. */
  async cut(path: string, method = 'GET'): Promise<TestRequest> {
    const request = this.request(path, method);
    request.error(new ProgressEvent('error'));
    await settled();
    return request;
  }
}

/** Resolves when the effects of a response or event are rendered; does not wait for open requests. */
export const settled = async (): Promise<void> => {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setTimeout(resolve));
    TestBed.inject(ApplicationRef).tick();
  }
};
