import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { Strategy } from 'passport-local';
import { originOf } from '../../common/http/request-origin.js';
import type { UserEntity } from '../users/user.entity.js';
import { AuthService } from './auth.service.js';

/** Checks the user name and password of a sign-in. */
@Injectable()
export class LocalStrategy extends PassportStrategy(Strategy, 'local') {
  constructor(private readonly auth: AuthService) {
    super({ passReqToCallback: true });
  }

  async validate(request: Request, username: string, password: string): Promise<UserEntity | false> {
    return (await this.auth.checkPassword(username, password, originOf(request))) ?? false;
  }
}
