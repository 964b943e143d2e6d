import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NotFoundException } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import type { AppConfig } from '../config/app-config.js';

const BUILT = fileURLToPath(new URL('../../sdk', import.meta.url));
const YEAR_SECONDS = 31_536_000;

/** A file as the build describes it. */
interface SdkFile {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
  /** SHA-512, as npm's lock files have it. */
  readonly integrity: string;
  /** For an archive of npm: its package.json, and the SHA-1 in hex that npm's own registry calls it by. */
  readonly npm?: { readonly manifest: object; readonly shasum: string };
}

/** What the build put into the folder. */
interface SdkIndex {
  /** The archive that fits this server. */
  readonly recommended: string;
  readonly files: readonly SdkFile[];
}

const readIndex = (): SdkIndex | null => {
  const file = join(BUILT, 'index.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SdkIndex) : null;
};

/** What authors need to choose a file. */
const publicIndex = ({ recommended, files }: SdkIndex) => ({
  recommended,
  files: files.map(({ file, name, version, bytes, integrity }) => ({ file, name, version, bytes, integrity })),
});

/** The document that a package manager asks a registry for: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
const registryDocument = (archives: readonly SdkFile[], name: string, base: string): object => ({
  name,
  'dist-tags': { latest: archives.at(-1)?.version },
  versions: Object.fromEntries(
    archives.map(({ file, version, integrity, npm }) => [
      version,
      { ...npm?.manifest, dist: { tarball: `${base}/sdk/${file}`, integrity, shasum: npm?.shasum } },
    ]),
  ),
});

const sendFile = ({ file, npm }: SdkFile, response: Response, onError: (error: Error) => void): void => {
  // Only the name of an archive says its version, so only that content never changes.
  response.setHeader('Cache-Control', npm ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
  if (npm) response.type('application/gzip');
  response.sendFile(file, { root: BUILT, cacheControl: false }, (error?: Error) => {
    if (error && !response.headersSent) onError(error);
  });
};

/**
 * Serves the SDK under `/sdk` to whoever wants to connect a service, without a sign-in: archives, whose content never changes under
 * one name; the Python agent; `index.json`, which names them; and a registry of this one package for npm, pnpm and yarn. It knows only the files that the
 * build lists.
 */
export const serveSdk = (app: NestExpressApplication, { publicBaseUrl }: AppConfig): void => {
  const index = readIndex();
  const router = Router({ caseSensitive: true });
  if (index) addRoutes(router, index, (request) => publicBaseUrl ?? `${request.protocol}://${request.host}`);
  router.use((_request, _response, next) => {
    next(new NotFoundException());
  });
  app.use('/sdk', router);
};

const addRoutes = (router: Router, index: SdkIndex, baseOf: (request: Request) => string): void => {
  const listed: RequestHandler = (_request, response) => {
    response.setHeader('Cache-Control', 'no-cache');
    response.type('json').send(JSON.stringify(publicIndex(index)));
  };
  router.get('/index.json', listed);
  router.get('/npm/*name', (request, response, next) => {
    const name = ([] as string[]).concat(request.params.name).join('/');
    const archives = index.files.filter((one) => one.npm && one.name === name);
    if (archives.length === 0) {
      next();
      return;
    }
    response.setHeader('Cache-Control', 'no-store');
    response.type('json').send(JSON.stringify(registryDocument(archives, name, baseOf(request).replace(/\/$/, ''))));
  });
  router.get('/:file', (request, response, next) => {
    const found = index.files.find(({ file }) => file === request.params.file);
    if (found) sendFile(found, response, next);
    else next();
  });
};
