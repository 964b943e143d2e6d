import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { Request } from 'express';
import { validationFailed } from '../errors/domain-error.js';
import { MAX_ISSUES } from './validation.js';

/** Whether the handler declares a `@Body`, whose class then says which fields there may be. */
const declaresBody = (context: ExecutionContext): boolean => {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
};

/**
 * Refuses the fields of a body where a handler takes none: to whoever sends them they would seem to have counted.
 * @throws VALIDATION_FAILED
 */
export const refuseUndeclaredBody = (context: ExecutionContext): void => {
  const body = context.switchToHttp().getRequest<Request>().body as object | null | undefined;
  const fields = Object.keys(body ?? {});
  if (fields.length === 0 || declaresBody(context)) return;
  throw validationFailed(
    fields.slice(0, MAX_ISSUES).map((path) => ({ path, message: `property ${path} should not exist` })),
  );
};
