import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ErrorAnswers } from './error-answers.js';

/** Turns whatever was thrown into the contract's error envelope. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  constructor(private readonly errors: ErrorAnswers) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.errors.send(thrown, http.getRequest<Request>(), http.getResponse<Response>());
  }
}
