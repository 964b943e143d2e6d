import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Request, Response } from 'express';
import { DomainError, requestError } from '../../common/errors.js';
import { MAX_DROPPED_BYTES, readJsonBody, requireJson } from './json-body.js';

const inflaters: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: () => zlib.createGunzip(),
  deflate: () => zlib.createInflate(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
};

/** The body of a request, uncompressed. @throws UNSUPPORTED_MEDIA_TYPE */
const uncompressed = (request: IncomingMessage): Readable => {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding === 'identity') return request;
  const inflater = inflaters[encoding]?.();
  if (!inflater) throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'This Content-Encoding is not supported.');
  return request.pipe(inflater);
};

/** The parts of a request that Express' body reader uses. */
type Replayed = Readable & Pick<Request, 'headers' | 'body' | 'is'>;

/**
 * The beginning of a body, which is enough to recognize the caller by, and the way to the rest of it. A caller that is not recognized
 * has cost no more than these bytes.
 */
export class BodyHead {
  private constructor(
    private readonly request: Request,
    private readonly source: Readable,
    readonly bytes: Buffer,
    /** Whether the body ends here. */
    readonly isWhole: boolean,
  ) {}

  /**
   * Reads at least `size` bytes, or a whole body that is shorter.
   * @throws UNSUPPORTED_MEDIA_TYPE unless it is JSON, REQUEST_ERROR when it cannot be uncompressed or its sender went away
   */
  static read(request: Request, size: number): Promise<BodyHead> {
    requireJson(request);
    const source = uncompressed(request);
    const chunks: Buffer[] = [];
    let length = 0;
    return new Promise((resolve, reject) => {
      const onData = (chunk: Buffer): void => {
        chunks.push(chunk);
        length += chunk.length;
        if (length >= size) finish(false);
      };
      const finish = (isWhole: boolean): void => {
        source.pause();
        source.off('data', onData);
        resolve(new BodyHead(request, source, Buffer.concat(chunks), isWhole));
      };
      source.on('data', onData);
      source.once('end', () => {
        finish(true);
      });
      // Also an error that comes after this promise is settled needs a listener.
      source.on('error', () => {
        reject(requestError('The body cannot be read.'));
      });
      request.once('close', () => {
        if (!request.complete) source.destroy(new Error('The client went away.'));
      });
    });
  }

  /** Reads the rest and parses the whole, as {@link readJsonBody} does, into `body` of the request; returns its size. */
  async readAll(response: Response, maxBytes: number): Promise<number> {
    const replayed = this.#replay();
    const bytes = await readJsonBody(replayed as unknown as Request, response, maxBytes);
    this.request.body = replayed.body as unknown;
    return bytes;
  }

  /** Drops the rest, so that the response can be read and the connection be used again; an endless rest ends the connection. */
  drop(): void {
    const { request, source } = this;
    source.removeAllListeners('data');
    if (source !== request) request.unpipe();
    let dropped = 0;
    request.on('data', (chunk: Buffer) => {
      dropped += chunk.length;
      if (dropped > MAX_DROPPED_BYTES) request.destroy();
    });
    request.resume();
  }

  #replay(): Replayed {
    const { source, request, isWhole } = this;
    const stream = new Readable({ read: () => isWhole || source.resume() });
    stream.push(this.bytes);
    if (isWhole) stream.push(null);
    else {
      source.on('data', (chunk: Buffer) => {
        if (!stream.push(chunk)) source.pause();
      });
      source.once('end', () => stream.push(null));
      source.on('error', (error) => stream.destroy(error));
    }
    return Object.assign(stream, {
      headers: { 'content-type': request.headers['content-type'], 'transfer-encoding': 'chunked' },
      body: undefined,
      is: request.is.bind<Request['is']>(request),
    });
  }
}
