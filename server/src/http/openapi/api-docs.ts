import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Application, type Request, type RequestHandler, type Response } from 'express';
import { DomainError } from '../../common/errors.js';

/** Beside the built server, or in `dist` when the server runs from its sources. */
const FOLDERS = ['../../../api-docs', '../../../../dist/api-docs'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** The files of `/api/docs`; the first of them is the page itself. */
const PAGES: ReadonlySet<string> = new Set([
  'index.html',
  'start.js',
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'favicon-32x32.png',
]);

const folderOrThrow = (): string => {
  const folder = FOLDERS.find((one) => existsSync(one));
  if (folder === undefined) {
    throw new DomainError('NOT_FOUND', 'This server was built without the API description; run npm run build.');
  }
  return folder;
};

interface ApiDocument {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** Reads the document and sets the version that this server reports; made once, so that no request hashes it again. */
const readDocument = async (version: string): Promise<ApiDocument> => {
  const text = await readFile(`${folderOrThrow()}/openapi.json`, 'utf8');
  const document = JSON.parse(text) as { readonly info: object };
  const bytes = Buffer.from(JSON.stringify({ ...document, info: { ...document.info, version } }));
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
};

/** Serves the OpenAPI document that the build wrote (`/api/openapi.json`), and pages that show it (`/api/docs`). */
export const serveApiDocs = (app: NestExpressApplication, version: string): void => {
  let document: Promise<ApiDocument> | null = null;
  const sendDocument = async (_: Request, response: Response): Promise<void> => {
    document ??= readDocument(version);
    try {
      const { bytes, etag } = await document;
      response.type('json').setHeader('ETag', etag);
      response.send(bytes);
    } catch (error) {
      document = null;
      throw error;
    }
  };
  const sendPage: RequestHandler<{ readonly page?: readonly string[] }> = ({ params }, response, next) => {
    const name = params.page?.join('/') ?? 'index.html';
    if (PAGES.has(name)) response.sendFile(name, { root: folderOrThrow() });
    else next();
  };
  const express = app.getHttpAdapter().getInstance() as Application;
  express.get('/api/openapi.json', sendDocument);
  express.get('/api/docs{/*page}', sendPage);
};
