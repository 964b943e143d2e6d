import { createParamDecorator, Injectable, type ExecutionContext } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { unauthorized } from '../../common/errors/domain-error.js';
import { adminBodyPipe } from '../../common/http/validation.js';
import type { UserEntity } from '../users/user.entity.js';
import { LoginBody } from './dto/auth.body.js';

/** Stands before the sign-in: a malformed body is 422, anything wrong in a well-formed one the same 401. */
@Injectable()
export class LoginGuard extends AuthGuard('local') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    // Guards run before pipes, and passport-local would answer a malformed body with a 401 of its own.
    const body = context.switchToHttp().getRequest<Request>().body as unknown;
    await adminBodyPipe.transform(body ?? {}, { type: 'body', metatype: LoginBody });
    return (await super.canActivate(context)) as boolean;
  }

  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error) throw error as Error;
    if (user === false) throw unauthorized('The user name or the password is wrong.');
    return user;
  }
}

/** The user whose password the {@link LoginGuard} has checked. */
export const CheckedUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): UserEntity =>
    context.switchToHttp().getRequest<Request & { user: UserEntity }>().user,
);
