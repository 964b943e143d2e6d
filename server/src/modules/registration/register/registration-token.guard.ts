import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError, validationFailed } from '../../../common/errors.js';
import { measured } from '../../../common/served-request.js';
import { clientInfoOf } from '../../../http/access.js';
import { BodyHead } from '../../../http/body/body-head.js';
import { hasBody } from '../../../http/body/json-body.js';
import { findText } from '../../../http/body/json-scan.js';
import { whileArriving } from '../../../http/body/slow-body.js';
import { MAX_REGISTRATION_TOKEN_LENGTH } from './dto/register.dto.js';
import { RegistrationAdmission } from './registration-admission.js';

/** How much of a body is read before its token is known. */
const HEAD_BYTES = 64_000;
/** Room for the first service report of a caller whose token is known. */
const MAX_BODY_BYTES = 500_000;

const tokenMissing = (): DomainError =>
  validationFailed([
    {
      path: 'registrationToken',
      message: `registrationToken must be longer than or equal to 1 and shorter than or equal to ${MAX_REGISTRATION_TOKEN_LENGTH} characters`,
    },
  ]);

const tokenTooFarBack = (): DomainError =>
  new DomainError(
    'PAYLOAD_TOO_LARGE',
    `A registration of more than ${HEAD_BYTES} bytes must have its registrationToken among the first of them.`,
  );

/**
 * Reads the body of a registration: first only as far as the token may be, and the rest, which is made into objects and validated, only
 * for a token that exists.
 */
@Injectable()
export class RegistrationTokenGuard implements CanActivate {
  constructor(private readonly admission: RegistrationAdmission) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    if (!hasBody(request)) throw tokenMissing();
    const head = await whileArriving({ request, response }, BodyHead.read(request, HEAD_BYTES));
    try {
      const token = measured(() => findText(head.bytes, 'registrationToken')) ?? '';
      if (token === '' || token.length > MAX_REGISTRATION_TOKEN_LENGTH) await this.#explain(head, request, response);
      await this.admission.admit(token, clientInfoOf(request));
      await whileArriving({ request, response }, head.readAll(response, MAX_BODY_BYTES));
    } catch (error) {
      head.drop();
      throw error;
    }
    return true;
  }

  /** Throws what is wrong with a body in which no token was found. */
  async #explain(head: BodyHead, request: Request, response: Response): Promise<never> {
    this.admission.admitUnknown(clientInfoOf(request));
    if (!head.isWhole) throw tokenTooFarBack();
    await head.readAll(response, HEAD_BYTES);
    throw tokenMissing();
  }
}
