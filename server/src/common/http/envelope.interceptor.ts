import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import { PageResult } from './page.js';
import { RAW_METADATA } from './raw.js';

/** Wraps every answer in `{success: true, data, pagination?}` with status 200; `@Raw` handlers are left alone. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    context.switchToHttp().getResponse<Response>().status(200);
    if (this.reflector.get<boolean | undefined>(RAW_METADATA, context.getHandler()) === true) return next.handle();
    return next
      .handle()
      .pipe(
        map((data: unknown) =>
          data instanceof PageResult
            ? { success: true, data: data.data, pagination: data.pagination }
            : { success: true, data },
        ),
      );
  }
}
