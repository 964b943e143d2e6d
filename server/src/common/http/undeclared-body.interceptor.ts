import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { validationFailed } from '../errors/domain-error.js';

/** Whether the handler declares a `@Body`, whose class then says which fields there may be. */
const declaresBody = (context: ExecutionContext): boolean => {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
};

/** Refuses the fields of a body where a handler takes none: to whoever sends them they would seem to have counted. */
@Injectable()
export class UndeclaredBodyInterceptor implements NestInterceptor {
  /** @throws VALIDATION_FAILED */
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const body = context.switchToHttp().getRequest<Request>().body as object | null | undefined;
    const fields = Object.keys(body ?? {});
    if (fields.length > 0 && !declaresBody(context)) {
      throw validationFailed(
        fields.slice(0, 50).map((path) => ({ path, message: `property ${path} should not exist` })),
      );
    }
    return next.handle();
  }
}
