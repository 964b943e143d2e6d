import { Injectable } from '@nestjs/common';
import { Strategy } from 'passport-local';
import { SignInSources } from './sign-in/sign-in-source.js';
import { SignInService } from './sign-in/sign-in.service.js';

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
