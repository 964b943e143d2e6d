import { BadRequestException, HttpException, ImATeapotException } from '@nestjs/common';
import express, { type Application } from 'express';
import { allowedMethods, fromHttpException } from './exception.filter.js';

const withStatus = (status: unknown): Error =>
  Object.assign(new Error('request entity too large: /srv/app.js'), { status });

describe('fromHttpException', () => {
  it.each([
    [400, 'REQUEST_ERROR'],
    [401, 'UNAUTHORIZED'],
    [403, 'FORBIDDEN'],
    [404, 'NOT_FOUND'],
    [405, 'METHOD_NOT_ALLOWED'],
    [413, 'PAYLOAD_TOO_LARGE'],
    [415, 'UNSUPPORTED_MEDIA_TYPE'],
    [429, 'RATE_LIMITED'],
    [412, 'REQUEST_ERROR'],
    [416, 'REQUEST_ERROR'],
  ])('gives %d the code %s and our own message, whatever threw it', (status, code) => {
    for (const error of [withStatus(status), new HttpException('at /srv/app.js:1', status)]) {
      const fault = fromHttpException(error);
      expect(fault).toMatchObject({ status, code, cause: error });
      expect(fault?.message).toMatch(/^[A-Z].*\.$/);
      expect(fault?.message).not.toContain('/srv');
    }
  });

  it('translates the exceptions of Nest', () => {
    expect(fromHttpException(new BadRequestException())?.code).toBe('REQUEST_ERROR');
    expect(fromHttpException(new ImATeapotException())).toMatchObject({ code: 'REQUEST_ERROR', status: 418 });
  });

  it.each([
    withStatus(500),
    withStatus(503),
    withStatus(200),
    withStatus('404'),
    new HttpException('x', 502),
    new TypeError('x'),
    { status: 404 },
    null,
  ])('returns null for %p, which is not the client’s fault', (error) => {
    expect(fromHttpException(error)).toBeNull();
  });
});

const nothing = (): void => undefined;

/** An application as Nest builds one: middleware for every path and method around the handlers. */
const anApplication = (): Application => {
  const app = express();
  app.use(nothing);
  app.all('/{*splat}', nothing);
  app.get('/items', nothing);
  app.post('/items', nothing);
  app.get('/items/special', nothing);
  app.patch('/items/:id', nothing);
  app.post('/items/:id/close', nothing);
  app.use(nothing);
  return app;
};

describe('allowedMethods', () => {
  it.each([
    ['/items', ['GET', 'HEAD', 'POST']],
    ['/items/', ['GET', 'HEAD', 'POST']],
    ['/items/5', ['PATCH']],
    ['/items/special', ['GET', 'HEAD', 'PATCH']],
    ['/items/5/close', ['POST']],
    ['/items/5/open', []],
    ['/nothing', []],
    ['/', []],
  ])('of %s are %j', (path, methods) => {
    expect(allowedMethods(anApplication(), path)).toEqual(methods);
  });
});
