import type { INestApplication } from '@nestjs/common';
import { AppConfig } from './config/app-config.js';
import { FirstOwner } from './modules/users/first-owner.js';

/** Says where to go next; on the first start also how to sign in, which is never said again. */
export const welcome = async (app: INestApplication): Promise<string> => {
  const config = app.get(AppConfig);
  const url = config.publicBaseUrl ?? (await app.getUrl()).replace('[::1]', 'localhost');
  const { made } = app.get(FirstOwner, { strict: false });
  const signIn = made
    ? [
        `Sign in as    ${made.username}`,
        `with password ${made.password}`,
        'This password is shown once: keep it now.',
        '',
      ]
    : [];
  return [
    '',
    `Opstage CE ${config.version} is ready at ${url}`,
    `API documentation: ${url}/api/docs`,
    '',
    ...signIn,
  ].join('\n');
};
