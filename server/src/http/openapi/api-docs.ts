import type { INestApplication } from '@nestjs/common';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { type Application, type NextFunction, type Request, type Response, Router } from 'express';
import { loadSwagger } from './openapi-decorators.js';
import { createOpenApi } from './openapi-document.js';

const PAGES = '/api/docs{/*page}';
const DOCUMENT = '/api/openapi.json';

/** Routes that answer with the description of the API, and with pages that show it. */
const docsOf = async (app: NestExpressApplication, version: string): Promise<Router> => {
  const [{ SwaggerModule }, document] = await Promise.all([loadSwagger(), createOpenApi(app, version)]);
  const router = Router();
  const adapter = new ExpressAdapter(router);
  // As much of an application as the library uses: the routes of the real one were closed when it began to listen.
  const site = {
    getHttpAdapter: () => adapter,
    useStaticAssets: (path: string, options: { readonly prefix: string }) => {
      adapter.useStaticAssets(path, options);
    },
  } as unknown as INestApplication;
  SwaggerModule.setup('api/docs', site, document, { jsonDocumentUrl: DOCUMENT, raw: ['json'] });
  return router;
};

/** Serves the description of the API; it is made when somebody first asks for it. */
export const serveApiDocs = (app: NestExpressApplication, version: string): void => {
  let docs: Promise<Router> | null = null;
  const answer = (request: Request, response: Response, next: NextFunction): void => {
    docs ??= docsOf(app, version);
    docs.then(
      (router) => {
        router(request, response, next);
      },
      (error: unknown) => {
        // Whoever asks next tries anew.
        docs = null;
        next(error);
      },
    );
  };
  const express = app.getHttpAdapter().getInstance() as Application;
  express.get(PAGES, answer);
  express.get(DOCUMENT, answer);
};
