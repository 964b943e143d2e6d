import { aReportedService, eventually } from '#testing';
import { TokenBuckets } from '../../src/common/memory/token-buckets.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

/** Parsing the body, looking for hostile JSON, validation. */
const MEASURED_SECTIONS = 3;

describe('what a request did is charged to its caller', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });

  beforeEach(() => {
    // Every measured section takes a millisecond.
    let micros = 0;
    jest.spyOn(process, 'threadCpuUsage').mockImplementation(() => ({ user: (micros += 1_000), system: 0 }));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** What each caller is charged while `work` runs and its answers are sent, of the first `count` charges. */
  const chargesOf = async (count: number, work: () => PromiseLike<unknown>): Promise<readonly [string, number][]> => {
    const charge = jest.spyOn(TokenBuckets.prototype, 'charge');
    await work();
    await eventually(() => {
      expect(charge.mock.calls.length).toBeGreaterThanOrEqual(count);
    });
    const charges = charge.mock.calls.map(([key, , cost]): [string, number] => [key, cost]);
    return charges;
  };

  it('by the rows that an agent wrote', async () => {
    const agent = await app.enrolAgent();
    const services = Array.from({ length: 20 }, (_, i) => aReportedService({ code: `row-${i}` }));
    const [[key, cost] = []] = await chargesOf(1, () => agent.report(services).expectOk());
    expect(key).toBe(agent.id);
    // Each is a row of its own, with an audit event.
    expect(cost).toBeGreaterThan(40 * 0.1);
  });

  it('by the time that reading and validating took, when it was refused', async () => {
    const agent = await app.enrolAgent();
    const invalid = { services: 'x'.repeat(100_000) };
    const [[key, cost] = []] = await chargesOf(1, () =>
      agent.request('POST', '/services/report', { body: invalid }).expectError(422, 'VALIDATION_FAILED'),
    );
    expect(key).toBe(agent.id);
    expect(cost).toBeGreaterThanOrEqual(MEASURED_SECTIONS);
  });

  it('by the time that it took, to the address of an unknown caller, whatever the answer', async () => {
    const [[key, cost] = []] = await chargesOf(1, () =>
      app.api.post('/api/admin/auth/login', { username: 5 }).expectError(422, 'VALIDATION_FAILED'),
    );
    expect(key).toBe('login 127.0.0.1');
    expect(cost).toBeGreaterThanOrEqual(MEASURED_SECTIONS);
  });

  it('to a registration token that exists, apart from its address', async () => {
    const { id, token } = await (await app.signIn('operator')).createToken();
    const [[known] = [], [unknown] = []] = await chargesOf(2, async () => {
      await app.api.post('/api/agents/register', { registrationToken: token }).expectError(422, 'VALIDATION_FAILED');
      await app.api
        .post('/api/agents/register', { registrationToken: 'x' })
        .expectError(401, 'REGISTRATION_TOKEN_INVALID');
    });
    expect([known, unknown]).toEqual([`registration ${id}`, 'registration 127.0.0.1']);
  });
});
