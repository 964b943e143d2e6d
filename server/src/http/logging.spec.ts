import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import express, { type Request, type Response } from 'express';
import { pino } from 'pino';
import { requestLogger, requestContext } from './logging.js';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly req?: string;
  readonly res?: number;
}

const ERROR = 50;
const INFO = 30;
const DEBUG = 20;

describe('requestLogger', () => {
  let server: Server;
  /** The fields of the request context, which everything started by a request keeps alive. */
  const kept: string[][] = [];

  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  /** The lines logged at `level` or above while each path is requested once, all at the same time. */
  const linesOf = async (level: string, ...paths: string[]): Promise<readonly Line[]> => {
    const lines: Line[] = [];
    const write = (text: string): void => {
      lines.push(JSON.parse(text) as Line);
    };
    const serializers = {
      req: ({ url }: Request) => url,
      res: ({ statusCode }: Response) => statusCode,
    };
    const logger = pino({ level, mixin: requestContext, serializers }, { write });
    const app = express().use(requestLogger(logger));
    app.get('/:status/:name', async ({ params }, response) => {
      await nextTurn();
      kept.push(Object.keys(requestContext().req ?? {}));
      logger.info(`of ${params.name}`);
      response.status(Number(params.status)).end();
    });
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    logger.info('outside of requests');
    await Promise.all(
      paths.map((path) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })),
    );
    await nextTurn();
    return lines;
  };

  it('adds the request to each line that is logged while it is served', async () => {
    const lines = await linesOf('info', '/200/a', '/200/b', '/404/c');
    const logged = lines.map(({ msg, req }) => ({ msg, req }));
    expect(logged[0]).toEqual({ msg: 'outside of requests', req: undefined });
    expect(logged).toHaveLength(4);
    expect(new Set(kept.flat())).toEqual(new Set(['id', 'method', 'url', 'ms', 'rows', 'onEnd']));
    for (const [status, name] of [
      [200, 'a'],
      [200, 'b'],
      [404, 'c'],
    ] as const) {
      expect(logged).toContainEqual({ msg: `of ${name}`, req: `/${status}/${name}` });
    }
  });

  it('logs the end of a request as an error if the server failed, and otherwise only at debug level', async () => {
    const ends = (lines: readonly Line[]): readonly Partial<Line>[] =>
      lines.filter(({ msg }) => msg === 'request ended').map(({ level, req, res }) => ({ level, req, res }));
    const failed = { level: ERROR, req: '/503/x', res: 503 };
    const infoLines = await linesOf('info', '/200/x', '/503/x');
    expect(infoLines.filter(({ level }) => level === INFO)).toHaveLength(3);
    expect(ends(infoLines)).toEqual([failed]);
    await new Promise((resolve) => server.close(resolve));
    const debugLines = ends(await linesOf('debug', '/200/x', '/503/x'));
    expect(debugLines).toHaveLength(2);
    expect(debugLines).toEqual(expect.arrayContaining([failed, { level: DEBUG, req: '/200/x', res: 200 }]));
  });
});
