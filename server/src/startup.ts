import type { INestApplication, INestApplicationContext } from '@nestjs/common';
import { AppConfig } from './config/app-config.js';
import { FirstOwner } from './modules/users/first-owner.js';

/** How to sign in, on the start that made the first owner; empty on any other. */
export const signInLines = (app: INestApplicationContext): readonly string[] => {
  const { made } = app.get(FirstOwner, { strict: false });
  if (!made) return [];
  const once = 'This password is shown once: keep it now.';
  return [`Sign in as    ${made.username}`, `with password ${made.password}`, once, ''];
};

/** Says where to go next; on the first start also how to sign in, which is never said again. */
export const welcome = async (app: INestApplication): Promise<string> => {
  const config = app.get(AppConfig);
  const url = config.publicBaseUrl ?? (await app.getUrl()).replace('[::1]', 'localhost');
  const ready = [`Opstage CE ${config.version} is ready at ${url}`, `API documentation: ${url}/api/docs`];
  return ['', ...ready, '', ...signInLines(app)].join('\n');
};
