import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Strategy } from 'passport-local';
import { unauthorized } from '../../../common/errors.js';
import { strictValidation } from '../../../http/validation/validation.pipe.js';
import { runStrategy } from '../access/bearer.strategy.js';
import type { UserEntity } from '../users/user.entity.js';
import { SignInSources } from './cookies.js';
import { LoginBody } from './dto/auth.dto.js';
import { SignInService } from './sign-in.service.js';

/** Checks the user name and password of a sign-in. */
@Injectable()
export class LocalStrategy extends Strategy {
  constructor(signIn: SignInService, sources: SignInSources) {
    super({ passReqToCallback: true, session: false }, (request, username, password, done) => {
      signIn.checkPassword({ username, password }, sources.of(request)).then((user) => {
        done(null, user ?? false);
      }, done);
    });
  }
}

interface CheckedRequest extends Request {
  checkedUser: UserEntity;
}

/** Stands before the sign-in: a malformed body is 422, anything wrong in a well-formed one the same 401. */
@Injectable()
export class LocalAuthGuard implements CanActivate {
  constructor(private readonly strategy: LocalStrategy) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CheckedRequest>();
    // Guards run before pipes, and passport-local would answer a malformed body with a refusal of its own.
    strictValidation.transform(request.body, { type: 'body', metatype: LoginBody });
    const user = await runStrategy<UserEntity>(this.strategy, request);
    if (!user) throw unauthorized('The user name or the password is wrong.');
    request.checkedUser = user;
    return true;
  }
}

/** The user whose password the {@link LocalAuthGuard} has checked. */
export const PasswordUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): UserEntity =>
    context.switchToHttp().getRequest<CheckedRequest>().checkedUser,
);
