import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import compression from 'compression';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { AppConfig } from '../config/app-config.js';

/** The build puts a hash of the content into these names. */
const HASHED = /-[A-Z0-9]{8}\.(?:js|css)$/;

const BUNDLED = fileURLToPath(new URL('../../console', import.meta.url));

const policy = (nonce: string): string =>
  [
    "default-src 'self'",
    "base-uri 'self'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "object-src 'none'",
    "script-src 'self'",
    "script-src-attr 'none'",
    `style-src 'self' 'nonce-${nonce}'`,
  ].join(';');

/** Goes by the decoded path, so that no spelling of `/api` is taken for a page; one that cannot be decoded was refused. */
const isPage = (request: Request): boolean => {
  const path = decodeURIComponent(request.path);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead && !/^\/+(?:api|health)(?:\/|$)/i.test(path) && !/\.[a-z0-9]+$/i.test(path);
};

/** The page every address of the console begins with; Angular gives the nonce to the styles it adds. */
const sendPage = (html: string) => (request: Request, response: Response, next: NextFunction) => {
  if (!isPage(request)) {
    next();
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  response.setHeader('Content-Security-Policy', policy(nonce));
  response.setHeader('Cache-Control', 'no-cache');
  response.type('html').send(html.replace('<ops-root>', `<ops-root ngCspNonce="${nonce}">`));
};

const cacheForLong = (response: Response, file: string): void => {
  if (HASHED.test(file)) response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
};

/** Serves the console, compressed and cached, from the same origin as the API; without one, leads to the API's pages. */
export const serveConsole = (app: NestExpressApplication, { staticDir }: AppConfig): void => {
  const folder = staticDir ?? BUNDLED;
  const page = join(folder, 'index.html');
  if (!existsSync(page)) {
    app.use((request: Request, response: Response, next: NextFunction) => {
      if (request.path === '/' && request.method === 'GET') response.redirect('/api/docs');
      else next();
    });
    return;
  }
  const files = express.static(folder, { index: false, maxAge: 0, setHeaders: cacheForLong });
  const compressed = compression();
  app.use((request: Request, response: Response, next: NextFunction) => {
    // The API is left alone: its answers hold secrets beside what callers choose. So is what is asked for all the time: the
    // library makes its functions anew for each request, among the objects that only a full collection removes.
    if (request.path.startsWith('/api') || request.path === '/health') next();
    else compressed(request, response, next);
  });
  const pages = express.Router().use(files, sendPage(readFileSync(page, 'utf8')));
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (request.path.startsWith('/api/')) next();
    else pages(request, response, next);
  });
};
