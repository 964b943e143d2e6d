import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/** Gives every request an id, the caller's own if it is a plain one, and sends it back as `X-Request-Id`. */
export const requestId = (request: Request, response: Response, next: NextFunction): void => {
  const given = request.get('x-request-id') ?? '';
  const id = ACCEPTED.test(given) ? given : randomUUID();
  Object.assign(request, { id });
  response.setHeader('X-Request-Id', id);
  next();
};
