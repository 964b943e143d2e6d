import {
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  type FactoryProvider,
  Inject,
  Injectable,
} from '@nestjs/common';
import type { Request, RequestHandler, Response } from 'express';
import passport from 'passport';
import { Strategy } from 'passport-local';
import { unauthorized } from '../../../common/errors.js';
import { strictValidation } from '../../../http/validation/validation.pipe.js';
import type { UserEntity } from '../users/user.entity.js';
import { LoginBody } from './dto/auth.dto.js';
import { SignInService } from './sign-in.service.js';

interface PasswordUserRequest extends Request {
  passwordUser: UserEntity;
}

const PASSPORT = Symbol('passport');

/**
 * One Passport instance per application: two servers in a process would replace each other's strategies on the instance that the
 * package exports (docs/decisions/0007).
 */
export const passportProvider: FactoryProvider<passport.Authenticator> = {
  provide: PASSPORT,
  inject: [SignInService],
  useFactory: (signIn: SignInService) =>
    new passport.Authenticator().use(
      new Strategy({ passReqToCallback: true, session: false }, (request, username, password, done) => {
        signIn.checkPassword({ username, password }, request).then((user) => {
          done(null, user ?? false);
        }, done);
      }),
    ),
};

/** Checks user name and password: 422 for a malformed body, and the same 401 for every other failure. Refuses plain HTTP first. */
@Injectable()
export class LocalAuthGuard implements CanActivate {
  constructor(
    @Inject(PASSPORT) private readonly authenticator: passport.Authenticator,
    private readonly signIn: SignInService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<PasswordUserRequest>();
    // Guards run before pipes, and passport-local answers a missing field with a refusal of its own.
    strictValidation.transform(request.body, { type: 'body', metatype: LoginBody });
    await this.signIn.requireLastingCookie(request);
    const user = await this.#authenticate(request, http.getResponse<Response>());
    if (!user) throw unauthorized('The user name or the password is wrong.');
    request.passwordUser = user;
    return true;
  }

  #authenticate(request: Request, response: Response): Promise<UserEntity | null> {
    return new Promise((resolve, reject) => {
      const callback = (error: Error | null, user?: UserEntity | false): void => {
        if (error) reject(error);
        else resolve(user === false ? null : (user ?? null));
      };
      const middleware = this.authenticator.authenticate('local', { session: false }, callback) as RequestHandler;
      middleware(request, response, reject);
    });
  }
}

/** The user whose password the {@link LocalAuthGuard} has checked. */
export const PasswordUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): UserEntity =>
    context.switchToHttp().getRequest<PasswordUserRequest>().passwordUser,
);
