import { BadRequestException, HttpException, ImATeapotException } from '@nestjs/common';
import { fromHttpException } from './exception.filter.js';

const withStatus = (status: unknown): Error =>
  Object.assign(new Error('request entity too large: /srv/app.js'), { status });

describe('frameworkFault', () => {
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
  ])('gives %d the code %s, whoever threw it, and words of our own', (status, code) => {
    for (const error of [withStatus(status), new HttpException('at /srv/app.js:1', status)]) {
      const fault = fromHttpException(error);
      expect(fault).toMatchObject({ status, code, cause: error });
      expect(fault?.message).toMatch(/^[A-Z].*\.$/);
      expect(fault?.message).not.toContain('/srv');
    }
  });

  it('knows Nest’s own exceptions', () => {
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
  ])('leaves %p to be logged: it is not the client’s fault', (error) => {
    expect(fromHttpException(error)).toBeNull();
  });
});
