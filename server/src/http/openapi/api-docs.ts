import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { static as serveStatic, type Request, type RequestHandler, type Response, Router } from 'express';
import { DomainError } from '../../common/errors.js';

/** Beside the built server, or in `dist` when the server runs from its sources. */
const FOLDERS = ['../../../api-docs', '../../../../dist/api-docs'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

const folderOrThrow = (): string => {
  const folder = FOLDERS.find((one) => existsSync(one));
  if (folder === undefined) {
    throw new DomainError('NOT_FOUND', 'This server was built without the API description; run npm run build.');
  }
  return folder;
};

/** The document with the version that this server reports. */
const readDocument = async (version: string): Promise<Buffer> => {
  const text = await readFile(`${folderOrThrow()}/openapi.json`, 'utf8');
  const document = JSON.parse(text) as { readonly info: object };
  return Buffer.from(JSON.stringify({ ...document, info: { ...document.info, version } }));
};

/** Serves the OpenAPI document that the build wrote (`/api/openapi.json`), and pages that show it (`/api/docs`). */
export const apiDocs = (version: string): RequestHandler => {
  let document: Promise<Buffer> | null = null;
  let pages: RequestHandler | null = null;
  const sendDocument = async (_: Request, response: Response): Promise<void> => {
    document ??= readDocument(version);
    try {
      response.type('json').send(await document);
    } catch (error) {
      document = null;
      throw error;
    }
  };
  const router = Router();
  router.get('/api/openapi.json', sendDocument);
  router.use('/api/docs', (request, response, next) => {
    pages ??= serveStatic(folderOrThrow(), { redirect: false });
    // `/api/docs` itself is the page; its base makes relative links work without a slash at the end.
    if (request.path === '/' && request.method === 'GET') request.url = '/index.html';
    void pages(request, response, next);
  });
  return router;
};
