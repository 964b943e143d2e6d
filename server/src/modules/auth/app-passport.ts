import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import passport, { type Strategy } from 'passport';

/** The strategies of this application. The package's own instance would be shared by every application in a process. */
@Injectable()
export class AppPassport {
  readonly #passport = new passport.Authenticator();

  use(strategy: Strategy): void {
    this.#passport.use(strategy);
  }

  /** Who the strategy says the request is; null when it refuses. */
  authenticate<T>(strategy: string, request: Request, response: Response): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error | null, identity?: T | false | null): void => {
        if (error) reject(error);
        else resolve(identity === false ? null : (identity ?? null));
      };
      const handler = this.#passport.authenticate(strategy, { session: false }, settle) as (
        request: Request,
        response: Response,
        next: (error?: Error | null) => void,
      ) => void;
      handler(request, response, settle);
    });
  }
}
