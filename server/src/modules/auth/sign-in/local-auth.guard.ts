import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { unauthorized } from '../../common/errors/domain-error.js';
import { adminBodyPipe } from '../../common/http/validation.js';
import type { UserEntity } from '../users/user.entity.js';
import { LoginBody } from './dto/auth.body.js';
import { identify } from './identify.js';
import { LocalStrategy } from './local.strategy.js';

interface CheckedRequest extends Request {
  checkedUser: UserEntity;
}

/** Stands before the sign-in: a malformed body is 422, anything wrong in a well-formed one the same 401. */
@Injectable()
export class LoginGuard implements CanActivate {
  constructor(private readonly strategy: LocalStrategy) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CheckedRequest>();
    // Guards run before pipes, and passport-local would answer a malformed body with a refusal of its own.
    adminBodyPipe.transform(request.body, { type: 'body', metatype: LoginBody });
    const user = await identify<UserEntity>(this.strategy, request);
    if (!user) throw unauthorized('The user name or the password is wrong.');
    request.checkedUser = user;
    return true;
  }
}

/** The user whose password the {@link LoginGuard} has checked. */
export const CheckedUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): UserEntity =>
    context.switchToHttp().getRequest<CheckedRequest>().checkedUser,
);
