import { EventEmitter, once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createConnection, type Socket } from 'node:net';
import { answerParserErrors, ConnectionLimiter, setRequestTimeouts } from './connections.js';

describe('slow requests', () => {
  let server: Server;
  let parked: ServerResponse[];

  beforeEach(async () => {
    parked = [];
    server = createServer((_request, response) => {
      parked.push(response);
    });
    setRequestTimeouts(server, { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 10 });
    answerParserErrors(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const send = (text: string): Socket => {
    const socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(text);
    return socket;
  };
  const firstLine = async (socket: Socket): Promise<string> => {
    const [data] = (await once(socket, 'data')) as [Buffer];
    return data.toString().split('\r\n')[0] ?? '';
  };

  it('are ended when their head never completes', async () => {
    expect(await firstLine(send('GET / HTTP/1.1\r\nHost: x\r\n'))).toBe('HTTP/1.1 408 Request Timeout');
  });

  it('are ended when their body keeps arriving in pieces', async () => {
    const slow = send('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n');
    const pieces = setInterval(() => slow.write('1\r\n \r\n'), 10);
    await once(slow.resume(), 'close');
    clearInterval(pieces);
  });

  it('are ended when their body stalls, but not when only the response takes longer', async () => {
    const waiting = send('GET /parked HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(server, 'request');
    const slow = send('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{');
    await once(slow.resume(), 'close');
    // The poll arrived before the request that has been ended, and is still open.
    parked[0]?.end('at last');
    expect(await firstLine(waiting)).toBe('HTTP/1.1 200 OK');
  });
});

describe('the number of connections', () => {
  /** A connection that has not been closed yet, without a network. */
  const connectionOf = (server: EventEmitter, remoteAddress: string): Socket => {
    const socket = Object.assign(new EventEmitter(), {
      remoteAddress,
      destroyed: false,
      destroy: () => {
        Object.assign(socket, { destroyed: true });
        socket.emit('close');
      },
    });
    server.emit('connection', socket);
    return socket as unknown as Socket;
  };
  const setUp = (max: number) => {
    const server = new EventEmitter();
    const limiter = new ConnectionLimiter(max);
    limiter.watch(server as Server);
    return { server, limiter };
  };
  const openOf = (sockets: readonly Socket[]): number => sockets.filter(({ destroyed }) => !destroyed).length;
  const many = (count: number, make: (i: number) => Socket): Socket[] =>
    Array.from({ length: count }, (_, i) => make(i));

  it('is limited for the /64 of an IPv6 address, and for each IPv4 address', () => {
    const { server } = setUp(5);
    const block = many(600, (i) => connectionOf(server, `2001:db8:1:2::${i.toString(16)}`));
    expect(openOf(block)).toBe(5);
    const mapped = ['::ffff:192.0.2.1', '::ffff:192.0.2.2'].map((address) => connectionOf(server, address));
    expect(openOf([...mapped, ...block])).toBe(7);
  });

  it('is limited for all addresses together, at the expense of those with the most', () => {
    const { server } = setUp(5);
    const honest = connectionOf(server, '192.0.2.1');
    const blocks = many(600, (i) => connectionOf(server, `2001:db8:1:${(i % 3).toString(16)}::${i.toString(16)}`));
    expect(openOf(blocks)).toBe(9);
    expect(honest.destroyed).toBe(false);
  });

  it('is limited for each authenticated caller, whose own quietest connection ends', () => {
    const { server, limiter } = setUp(5);
    const other = connectionOf(server, '192.0.2.1');
    limiter.markAuthenticated(other, 'usr_2');
    const own = many(300, () => {
      const socket = connectionOf(server, '192.0.2.1');
      limiter.markAuthenticated(socket, 'usr_1');
      return socket;
    });
    expect(openOf(own)).toBe(200);
    expect(own.at(-1)?.destroyed).toBe(false);
    expect(other.destroyed).toBe(false);
    own.at(-1)?.destroy();
    const next = connectionOf(server, '192.0.2.1');
    limiter.markAuthenticated(next, 'usr_1');
    expect(openOf([...own, next])).toBe(200);
  });
});
