import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createConnection, type Socket } from 'node:net';
import { answerParserErrors, setRequestTimeouts } from './connections.js';

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
