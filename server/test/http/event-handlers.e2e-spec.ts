import { once } from 'node:events';
import { connect } from 'node:net';
import { Logger } from '@nestjs/common';
import { eventually } from '#testing';
import { Telemetry } from '../../src/common/telemetry.js';
import { Database } from '../../src/database/database.js';
import { ClaimsService } from '../../src/modules/commands/dispatch/claims.service.js';
import { EventStream } from '../../src/modules/events/event-streams.js';
import { EventReader } from '../support/event-reader.js';
import { GovernedService } from '../support/governed-service.js';
import { claimAndHangUp } from '../support/hang-up.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const BROKEN = new Error('broken');
const fail = (): never => {
  throw BROKEN;
};

/** What a listener of a stream, a socket or a timer throws would end the process, and with it this test. */
describe('something that breaks where nobody waits for it', () => {
  let app: TestApp;
  let logged: jest.SpyInstance;
  beforeEach(async () => {
    app = await startTestApp();
    logged = jest.spyOn(Logger.prototype, 'error');
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is logged when it is an observer of requests, commands, jobs or writes; everything still works', async () => {
    app.nest.get(Telemetry).observe({ onRequest: fail, onDispatch: fail, onJob: fail });
    app.nest.get(Database).writes.observe({ onWrite: fail, onCommit: fail });
    const governed = await GovernedService.of(app);
    const { id } = await governed.running();
    await governed.agent.complete(id, { success: true }).expectOk();
    await app.runMaintenance();
    expect((await governed.command(id)).status).toBe('SUCCEEDED');
    expect(logged).toHaveBeenCalledWith(BROKEN);
  });

  it('is logged when it is the end of a poll whose client is gone', async () => {
    const governed = await GovernedService.of(app);
    await governed.pending();
    jest.spyOn(app.nest.get(ClaimsService), 'returnUndelivered').mockImplementation(fail);
    await claimAndHangUp(app, governed.agent);
    await eventually(() => {
      expect(logged).toHaveBeenCalledWith(BROKEN);
    });
    await governed.agent.heartbeat().expectOk();
  });

  it('is nothing when a body goes on and on after it was refused for its type', async () => {
    const headers = ['Transfer-Encoding: chunked', 'Content-Type: application/json; charset=latin1'];
    const agent = await app.enrolAgent();
    const authorization = `Authorization: Bearer ${agent.token}`;
    const line = `POST /api/agents/${agent.id}/heartbeat HTTP/1.1`;
    const head = [line, 'Host: localhost', authorization, ...headers, '', ''].join('\r\n');
    const size = 24_000_000;
    const { hostname, port } = new URL(app.api.baseUrl);
    const socket = connect(Number(port), hostname);
    // The server may reset it.
    socket.on('error', () => undefined);
    socket.write(`${head}1\r\n{\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('HTTP/1.1 415 ');
    const closed = once(socket, 'close');
    const written = new Promise((resolve) => {
      socket.write(`${size.toString(16)}\r\n${' '.repeat(size)}\r\n0\r\n\r\n`, resolve);
    });
    await Promise.race([closed, written]);
    socket.destroy();
    await app.api.get('/health').expectOk();
  });

  it('is logged when it is one reader of the event stream, and the others go on', async () => {
    const owner = await app.signIn('owner');
    const [first, second] = [await EventReader.open(app.api, owner), await EventReader.open(app.api, owner)];
    let isBroken = false;
    const send = EventStream.prototype.send;
    jest.spyOn(EventStream.prototype, 'send').mockImplementation(function (this: EventStream, text) {
      if (isBroken) {
        send.call(this, text);
        return;
      }
      isBroken = true;
      return fail();
    });
    const { id } = await app.enrolAgent();
    await eventually(() => {
      expect([first, second].some(({ changes }) => changes.some((change) => change.id === id))).toBe(true);
    });
    expect(logged).toHaveBeenCalledWith(BROKEN);
    for (const reader of [first, second]) reader.close();
  });
});
