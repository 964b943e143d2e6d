import express, { type Application } from 'express';
import { allowedMethods } from './exception.filter.js';

const nothing = (): void => undefined;

/** An application as Nest builds one: middleware for every path and method around the handlers. */
const anApplication = (): Application => {
  const app = express();
  app.use(nothing);
  app.all('/{*splat}', nothing);
  app.get('/items', nothing);
  app.post('/items', nothing);
  app.get('/items/special', nothing);
  app.patch('/items/:id', nothing);
  app.post('/items/:id/close', nothing);
  app.use(nothing);
  return app;
};

describe('allowedMethods', () => {
  it.each([
    ['/items', ['GET', 'HEAD', 'POST']],
    ['/items/', ['GET', 'HEAD', 'POST']],
    ['/items/5', ['PATCH']],
    ['/items/special', ['GET', 'HEAD', 'PATCH']],
    ['/items/5/close', ['POST']],
    ['/items/5/open', []],
    ['/nothing', []],
    ['/', []],
  ])('at %s are %j', (path, methods) => {
    expect(allowedMethods(anApplication(), path)).toEqual(methods);
  });
});
