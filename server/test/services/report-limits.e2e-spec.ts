import type { AgentDetail, CapsuleServiceDetail, ReportServicesResponse } from '#contracts';
import { anAction, aReportedService, type TestAgent } from '#testing';
import { issuePaths } from '../support/refusal.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
let agent: TestAgent;
beforeAll(async () => {
  app = await startTestApp();
});
beforeEach(async () => {
  agent = await app.enrolAgent();
});

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const big = (length: number): { text: string } => ({ text: 'x'.repeat(length) });
let serial = 0;
const unique = (name: string): string => `${name}-${(serial += 1)}`;
const service = (fields: object): object => ({ ...aReportedService({ code: unique('limited') }), ...fields });

const report = (body: object): Promise<ReportServicesResponse> =>
  agent.request('POST', '/services/report', { body }).expectOk<ReportServicesResponse>();

const shown = async (answer: ReportServicesResponse): Promise<CapsuleServiceDetail> => {
  const viewer = await app.signIn('viewer');
  return viewer.get(`/api/admin/capsule-services/${answer.services[0]!.id}`).expectOk<CapsuleServiceDetail>();
};

describe('A report', () => {
  it.each<[string, unknown, string]>([
    ['no list of services', { services: {} }, 'services'],
    ['no services at all', {}, 'services'],
  ])('is refused with %s', async (_, body, path) => {
    expect(issuePaths(await agent.request('POST', '/services/report', { body }))).toContain(path);
  });

  it.each<[string, object, string, object]>([
    ['an empty name', { name: '' }, 'name', {}],
    ['a name of 201 characters', { name: 'a'.repeat(201) }, 'name', { name: `${'a'.repeat(199)}\u2026` }],
    ['a long description', { description: 'a'.repeat(2001) }, 'description', {}],
    ['a number for a version', { version: 7 }, 'version', { version: '7' }],
    ['a list for a manifest', { manifest: [] }, 'manifest', {}],
    ['a manifest of another service', { manifest: { code: 'x', team: 'a' } }, 'manifest', { manifest: { team: 'a' } }],
    ['a manifest of another kind', { manifest: { kind: 'Pod' } }, 'manifest', { manifest: { kind: 'CapsuleService' } }],
    ['a large manifest', { manifest: big(200_000) }, 'manifest', {}],
    ['an unknown health', { health: { status: 'OK' } }, 'health.status', { healthStatus: 'UNKNOWN' }],
    ['a health in lower case', { health: { status: 'down' } }, 'health.status', { healthStatus: 'DOWN' }],
    ['a text for a health', { health: 'DOWN' }, 'health', { healthStatus: 'DOWN' }],
    [
      'a long health message',
      { health: { status: 'DOWN', message: 'm'.repeat(2_001) } },
      'health.message',
      { healthStatus: 'DOWN', healthMessage: `${'m'.repeat(1_999)}\u2026` },
    ],
    [
      'control characters and half a character in a health message',
      { health: { status: 'DOWN', message: 'a\u0007b\u001b[31mc\ud800' } },
      'health.message',
      { healthStatus: 'DOWN', healthMessage: 'abc\ufffd' },
    ],
    [
      'an object for a health message',
      { health: { status: 'DOWN', message: { password: 'hunter2', n: 1 } } },
      'health.message',
      { healthStatus: 'DOWN', healthMessage: '{"password":"[REDACTED]","n":1}' },
    ],
    [
      'large health details',
      { health: { status: 'DOWN', details: { a: 1, ...big(10_000), b: 2 } } },
      'health.details.text',
      { healthStatus: 'DOWN', health: { details: { a: 1, b: 2 } } },
    ],
    [
      'a list for health details',
      { health: { status: 'DOWN', details: [1] } },
      'health.details',
      { health: { details: { value: [1] } } },
    ],
    [
      'an unknown danger',
      { actions: [{ ...anAction(), dangerLevel: 'SOME' }] },
      'actions.0.dangerLevel',
      { actions: [{ dangerLevel: 'HIGH' }] },
    ],
    [
      'no time for an action',
      { actions: [anAction({ timeoutSeconds: 0 })] },
      'actions.0.timeoutSeconds',
      { actions: [{ timeoutSeconds: 1 }] },
    ],
    [
      'a config without a type',
      { configs: [{ key: 'k' }] },
      'configs.0.type',
      { configs: [{ key: 'k', type: 'unknown' }] },
    ],
    [
      'a large config value',
      { configs: [{ key: 'k', type: 't', valuePreview: big(10_000) }] },
      'configs.0.valuePreview',
      { configs: [{ key: 'k', configured: true }] },
    ],
    [
      'a sensitive that is not true or false',
      { configs: [{ key: 'k', type: 't', sensitive: 'maybe', valuePreview: 'x' }] },
      'configs.0.sensitive',
      { configs: [{ key: 'k', sensitive: true, valuePreview: null }] },
    ],
  ])('keeps what can be kept with %s, and names it', async (_, fields, path, kept) => {
    const beside = unique('beside-it');
    const answer = await report({ services: [service(fields), aReportedService({ code: beside })] });
    expect(answer.rejected).toEqual([]);
    expect(answer.services).toHaveLength(2);
    expect(answer.warnings?.map((warning) => warning.path)).toContain(`services.0.${path}`);
    const [found] = answer.services.filter(({ code }) => code !== beside);
    expect(await shown({ ...answer, services: [found!] })).toMatchObject(kept);
  });

  it('leaves out items that cannot be kept, and stores every other one', async () => {
    const answer = await report({
      services: [
        service({
          configs: [
            null,
            7,
            { type: 't' },
            { key: '', type: 't' },
            { key: 'x'.repeat(201), type: 't' },
            { key: 'good', type: 't' },
          ],
          actions: [
            anAction({ name: 'a/b' }),
            { ...anAction({ name: 'c' }), inputSchema: [] },
            anAction({ name: 'd', inputSchema: big(100_000) }),
            anAction({ name: 'good' }),
          ],
        }),
      ],
    });
    const { configs, actions } = await shown(answer);
    expect(configs.map(({ key }) => key)).toEqual(['good']);
    expect(actions.map(({ name }) => name)).toEqual(['good']);
    expect(answer.warnings?.map(({ path }) => path)).toEqual([
      ...[0, 1, 2, 3, 4].map((i) => `services.0.configs.${i}`),
      ...[0, 1, 2].map((i) => `services.0.actions.${i}`),
    ]);
  });

  it('keeps the first 500 items of a service, and the first 200 services', async () => {
    const configs = times(600, (i) => ({ key: `k${i}`, type: 't' }));
    const first = await report({ services: [service({ configs })] });
    expect((await shown(first)).configs).toHaveLength(500);
    expect(first.warnings).toEqual([
      { path: 'services.0.configs', message: 'had 600 entries; the first 500 are kept' },
    ]);
    const many = await report({ services: times(203, (i) => aReportedService({ code: `m${i}` })) });
    expect(many.services).toHaveLength(200);
    expect(many.rejected.map(({ code, error }) => [code, error])).toEqual(
      ['m200', 'm201', 'm202'].map((code) => [code, 'VALIDATION_FAILED']),
    );
  });

  it('keeps JSON that is unsafe or too deep, without what is', async () => {
    const deep = times(80, (i) => i).reduce<object>((inner) => ({ inner }), {});
    const details = { at: 'nul \0 here', deep };
    const answer = await report({ services: [service({ health: { status: 'DOWN', details } })] });
    const { health, healthStatus } = await shown(answer);
    expect(healthStatus).toBe('DOWN');
    expect(health?.details?.at).toBe('nul  here');
    expect(answer.warnings?.map(({ path }) => path)).toContain('services.0.health.details.at');
  });
});

describe('A service of a report that contradicts itself', () => {
  it.each<[string, object]>([
    ['a config key twice', { configs: times(2, () => ({ key: 'k', type: 't' })) }],
    [
      'two config keys that redaction makes equal',
      { configs: ['a', 'b'].map((c) => ({ key: `opstage_agent_${c.repeat(9)}`, type: 't' })) },
    ],
    ['an action twice', { actions: [anAction(), anAction({ label: 'Again' })] }],
    [
      'two actions that redaction makes equal',
      { actions: ['a', 'b'].map((c) => anAction({ name: `opstage_reg_${c.repeat(9)}` })) },
    ],
  ])('is rejected with %s, while the others are stored', async (_, fields) => {
    const [bad, good] = [unique('contradicts'), unique('fine')];
    const answer = await report({ services: [service({ code: bad, ...fields }), aReportedService({ code: good })] });
    expect(answer.services.map(({ code }) => code)).toEqual([good]);
    expect(answer.rejected).toMatchObject([{ code: bad, error: 'VALIDATION_FAILED' }]);
    expect(answer.rejected[0]!.message).toMatch(/^Two of its (?:configs|actions) have the/);
  });

  it('is rejected for a code that is missing, wrong, or there twice', async () => {
    const services = [
      7,
      { name: 'No code' },
      service({ code: 'UPPER' }),
      aReportedService({ code: 'twice' }),
      aReportedService({ code: 'twice', name: 'Again' }),
      aReportedService({ code: 'good' }),
    ];
    const answer = await report({ services });
    expect(answer.services.map(({ code }) => code)).toEqual(['good']);
    expect(answer.rejected.map(({ code }) => code).sort()).toEqual(['', '', 'UPPER', 'twice']);
    const [event] = await app.auditEvents('service.report.rejected');
    expect(event).toMatchObject({ result: 'FAILURE', metadata: { error: 'VALIDATION_FAILED' } });
  });

  it('is not retired, and its status counts', async () => {
    const twice = { configs: times(2, () => ({ key: 'k', type: 't' })) };
    const first = await report({ services: [aReportedService({ code: 'sick', health: { status: 'UP' } })] });
    const health = { status: 'DOWN' };
    await report({ services: [{ ...aReportedService({ code: 'sick' }), ...twice, health }], complete: true });
    expect(await shown(first)).toMatchObject({ healthStatus: 'DOWN', retiredAt: null });
  });
});

describe('A heartbeat', () => {
  it('counts every status, whatever is wrong with the rest', async () => {
    const stored = await report({
      services: ['ha', 'hb', 'hc'].map((code) => aReportedService({ code, health: { status: 'UP' } })),
    });
    const body = {
      serviceId: 7,
      services: [
        { code: 'ha', health: { status: 'DOWN', message: 'm'.repeat(5_000), details: 'none' } },
        { code: 'hb', health: { status: 'fine?' } },
        { code: 'hc', health: { status: 'DOWN' } },
        { code: 'HD', health: { status: 'DOWN' } },
        null,
      ],
    };
    const { warnings } = await agent
      .request('POST', '/heartbeat', { body })
      .expectOk<{ warnings: { path: string }[] }>();
    expect(warnings.map(({ path }) => path)).toEqual([
      'services.0.health.message',
      'services.0.health.details',
      'services.1.health.status',
      'services.3',
      'services.4',
      'serviceId',
    ]);
    const statuses = await Promise.all(
      stored.services.map(async (one) => (await shown({ ...stored, services: [one] })).healthStatus),
    );
    expect(statuses).toEqual(['DOWN', 'UNKNOWN', 'DOWN']);
  });

  it('shows on the page of its agent what could not be kept, until one is kept whole', async () => {
    const viewer = await app.signIn('viewer');
    const warningsOf = async () => (await viewer.get(`/api/admin/agents/${agent.id}`).expectOk<AgentDetail>()).warnings;
    await report({ services: [service({ code: 'shown', version: ['x'] })] });
    await agent.request('POST', '/heartbeat', { body: { health: { status: '?' } } }).expectOk();
    expect(await warningsOf()).toMatchObject([
      { call: 'report', serviceCode: 'shown', path: 'services.0.version' },
      { call: 'heartbeat', serviceCode: null, path: 'health.status' },
    ]);
    await agent.heartbeat({}).expectOk();
    expect((await warningsOf()).map(({ call }) => call)).toEqual(['report']);
    await report({ services: [aReportedService({ code: 'shown' })] });
    expect(await warningsOf()).toEqual([]);
  });
});
