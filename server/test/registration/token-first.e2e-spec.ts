import { gzipSync } from 'node:zlib';
import type { ErrorCode, RegisterAgentResponse } from '#contracts';
import { anAction, anAgentDescription, aReportedService } from '#testing';
import { DtoValidationPipe } from '../../src/http/validation/validation.pipe.js';
import { rawRefusalOf, rawRequest, sendRaw, sendRawUntil } from '../support/raw-http.js';
import { refusalOf } from '../support/refusal.js';
import { newToken, register, REGISTER, tokenRow } from '../support/registration-attempts.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const UNKNOWN = `opstage_reg_${'A'.repeat(43)}`;
const JSON_TYPE = 'Content-Type: application/json';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});

const times = <T>(count: number, value: T): T[] => Array<T>(count).fill(value);

/** Everything in it is wrong, in as many objects as fit. */
const wrong = (registrationToken: unknown, count = 1_000): object => ({
  registrationToken,
  agent: { code: 5 },
  service: { code: 5, configs: times(count, {}), actions: times(count, {}) },
});

/** How many bodies, queries and paths are read into objects while `work` runs. */
const readsOf = async (work: () => PromiseLike<unknown>): Promise<number> => {
  const transform = jest.spyOn(DtoValidationPipe.prototype, 'transform');
  await work();
  const bodies = transform.mock.calls.filter(([, { type }]) => type === 'body').length;
  transform.mockRestore();
  return bodies;
};

describe('the token of a registration', () => {
  it.each<[string, unknown, number, ErrorCode]>([
    ['unknown', UNKNOWN, 401, 'REGISTRATION_TOKEN_INVALID'],
    ['missing', undefined, 422, 'VALIDATION_FAILED'],
    ['no text', 5, 422, 'VALIDATION_FAILED'],
    ['too long', 'x'.repeat(201), 422, 'VALIDATION_FAILED'],
  ])('is looked at first and alone: nothing else is read when it is %s', async (_, token, status, code) => {
    const body = wrong(token);
    expect(await readsOf(() => app.api.post(REGISTER, body).expectError(status, code))).toBe(0);
    const rawBody = gzipSync(JSON.stringify(body));
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const compressed = app.api.request('POST', REGISTER, { rawBody, headers });
    expect(await readsOf(() => compressed.expectError(status, code))).toBe(0);
  });

  it('opens the rest of the body to validation when it exists', async () => {
    const token = await newToken(app);
    expect(await readsOf(() => app.api.post(REGISTER, wrong(token)).expectError(422, 'VALIDATION_FAILED'))).toBe(1);
    await register(app, token).expectOk();
  });

  it('is answered without waiting for more than 64 KB', async () => {
    const head = JSON.stringify({ registrationToken: UNKNOWN, text: 'x'.repeat(70_000) }).slice(0, 70_000);
    const request = rawRequest(`POST ${REGISTER} HTTP/1.1`, [JSON_TYPE, 'Content-Length: 490000'], head);
    const answer = await sendRawUntil(app, request, ({ body }) => body.endsWith('}'));
    expect(rawRefusalOf(answer)).toBe('401 REGISTRATION_TOKEN_INVALID');
  });

  it('must be among the first 64 KB', async () => {
    const agent = anAgentDescription();
    const service = aReportedService({ actions: [anAction({ inputSchema: { text: 'x'.repeat(80_000) } })] });
    const registrationToken = await newToken(app);
    await app.api.post(REGISTER, { agent, service, registrationToken }).expectError(413, 'PAYLOAD_TOO_LARGE');
    await app.api.post(REGISTER, { agent, registrationToken, service }).expectOk<RegisterAgentResponse>();
  });

  it('is found in a compressed body and in pieces, and the whole body is read', async () => {
    const service = aReportedService({ actions: [anAction({ inputSchema: { text: 'x'.repeat(90_000) } })] });
    const compressed = { registrationToken: await newToken(app), agent: anAgentDescription(), service };
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    await app.api.request('POST', REGISTER, { rawBody: gzipSync(JSON.stringify(compressed)), headers }).expectOk();
    const inPieces = JSON.stringify({
      registrationToken: await newToken(app),
      agent: anAgentDescription(),
      text: 'x'.repeat(200_000),
    });
    const chunks = inPieces.match(/.{1,30000}/gs) ?? [];
    const body = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
    const answer = await sendRaw(
      app,
      rawRequest(`POST ${REGISTER} HTTP/1.1`, [JSON_TYPE, 'Transfer-Encoding: chunked'], `${body}0\r\n\r\n`),
    );
    expect(answer.status).toBe(200);
  });

  it('leaves the connection usable when it is refused', async () => {
    const refused = JSON.stringify({ registrationToken: UNKNOWN, text: 'x'.repeat(300_000) });
    const accepted = JSON.stringify({ registrationToken: await newToken(app), agent: anAgentDescription() });
    const request = (body: string, connection: string) =>
      [`POST ${REGISTER} HTTP/1.1`, 'Host: x', JSON_TYPE, `Connection: ${connection}`, `Content-Length: ${body.length}`]
        .concat('', body)
        .join('\r\n');
    const { headers, body } = await sendRaw(app, request(refused, 'keep-alive'), request(accepted, 'close'));
    expect(headers).toMatch(/^HTTP\/1\.1 401 /);
    expect(body).toContain('HTTP/1.1 200 OK');
  });
});

describe('refused tokens', () => {
  it('do not refuse a good token from the same address, and are limited themselves', async () => {
    const own = await startTestApp();
    own.clock.stop();
    const { token, id } = await (await own.signIn('operator')).createToken();
    const guesses = await Promise.all(times(61, 0).map(async () => refusalOf(await register(own, UNKNOWN))));
    expect(guesses.filter((answer) => answer === '401 REGISTRATION_TOKEN_INVALID')).toHaveLength(60);
    expect(guesses.filter((answer) => answer === '429 RATE_LIMITED')).toHaveLength(1);
    await register(own, token).expectOk();
    expect(await tokenRow(own, id)).toMatchObject({ status: 'USED' });
  });
});
