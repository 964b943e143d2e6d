import type { NextFunction, Request, Response } from 'express';
import { requestError, validationFailed } from '../errors/domain-error.js';
import { findJsonFault } from './json-body.js';

const isDecodable = (path: string): boolean => {
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

/**
 * Refuses a path with a malformed escape (400), also where no route would decode it, and in the path (400) and the query
 * (422) what a body must not hold either: PostgreSQL takes no U+0000.
 */
export const refuseHostileAddress = (request: Request, _response: Response, next: NextFunction): void => {
  if (!isDecodable(request.path)) {
    next(requestError('The address holds a malformed escape.'));
    return;
  }
  if (request.path.includes('%00')) {
    next(requestError('The address must not contain U+0000.'));
    return;
  }
  const fault = findJsonFault(request.query);
  next(fault ? validationFailed([fault]) : undefined);
};
