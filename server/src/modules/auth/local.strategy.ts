import { Injectable } from '@nestjs/common';
import { Strategy } from 'passport-local';
import { originOf } from '../../common/http/request-origin.js';
import { AppPassport } from './app-passport.js';
import { AuthService } from './auth.service.js';

/** Checks the user name and password of a sign-in. */
@Injectable()
export class LocalStrategy extends Strategy {
  constructor(passport: AppPassport, auth: AuthService) {
    super({ passReqToCallback: true, session: false }, (request, username, password, done) => {
      auth.checkPassword(username, password, originOf(request)).then((user) => {
        done(null, user ?? false);
      }, done);
    });
    passport.use(this);
  }
}
