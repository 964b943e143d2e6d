import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import expressStaticGzip from 'express-static-gzip';
import type { AppConfig } from '../config/app-config.js';

/** The build puts a hash of the content into these names, in letters of both cases. */
const HASHED = /-[\w-]{8}\.(?:js|css)(?:\.(?:br|gz))?$/;

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

/**
 * Whether the API answers this path. Decided on the decoded path, so that no spelling of `/api` reaches the files; a path that
 * cannot be decoded was rejected before.
 */
const isApi = (path: string): boolean =>
  // The usual spelling needs no decoding.
  path.startsWith('/api/') || /^\/+(?:api|health)(?:\/|$)/i.test(decodeURIComponent(path));

/** Whether the console shows a page here, as it does for any path that does not look like a file. */
const isPage = ({ method, path }: Request): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  (path === '/index.html' || !/\.[a-z0-9]+$/i.test(decodeURIComponent(path)));

/** Sends the page that every console address begins with; Angular gives the nonce to the styles it adds. */
const sendPage =
  (html: string): RequestHandler =>
  (request, response, next) => {
    if (!isPage(request)) {
      next();
      return;
    }
    const nonce = randomBytes(16).toString('base64');
    response.setHeader('Content-Security-Policy', policy(nonce));
    response.setHeader('Cache-Control', 'no-cache');
    response.type('html').send(html.replace('<ops-root>', `<ops-root ngCspNonce="${nonce}">`));
  };

const cacheHashedFiles = (response: ServerResponse, file: string): void => {
  if (HASHED.test(file)) response.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
};

/** Sends files as they lie in the folder: compressed where the build wrote `<file>.br` and `<file>.gz` beside them. */
const sendFiles = (folder: string): RequestHandler => {
  const files = expressStaticGzip(folder, {
    enableBrotli: true,
    orderPreference: ['br', 'gzip'],
    index: false,
    serveStatic: { index: false, maxAge: 0, setHeaders: cacheHashedFiles },
  }) as RequestHandler;
  return (request, response, next) => {
    if (request.path === '/index.html') {
      next();
      return;
    }
    files(request, response, (error?: unknown) => {
      // Set for a file that has vanished since the start; what answers now is not compressed.
      for (const name of ['Content-Encoding', 'Content-Type', 'Vary']) response.removeHeader(name);
      next(error);
    });
  };
};

const redirectToApiDocs: RequestHandler = (request, response, next) => {
  if (request.path === '/' && request.method === 'GET') response.redirect('/api/docs');
  else next();
};

/** Serves the console, compressed and cached, from the same origin as the API; without a build, `/` redirects to the API's docs. */
export const serveConsole = (app: NestExpressApplication, { staticDir }: AppConfig): void => {
  const folder = staticDir ?? BUNDLED;
  const page = join(folder, 'index.html');
  if (!existsSync(page)) {
    app.use(redirectToApiDocs);
    return;
  }
  const files = sendFiles(folder);
  const sendIndex = sendPage(readFileSync(page, 'utf8'));
  app.use((request: Request, response: Response, next: NextFunction) => {
    // Responses of the API are never compressed: they hold secrets beside what callers choose.
    if (isApi(request.path)) next();
    else {
      files(request, response, (error?: unknown) => {
        if (error === undefined) sendIndex(request, response, next);
        else next(error);
      });
    }
  });
};
