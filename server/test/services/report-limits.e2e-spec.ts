import type { CapsuleService } from '#contracts';
import { anAction, aReportedService, type TestAgent } from '#testing';
import { issuePaths } from '../support/refusal.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

let app: TestApp;
let agent: TestAgent;
beforeAll(async () => {
  app = await startTestApp();
  agent = await app.enrolAgent();
});

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const service = (fields: object): object => ({ ...aReportedService({ code: 'limited' }), ...fields });
const big = (length: number): { text: string } => ({ text: 'x'.repeat(length) });

afterEach(async () => {
  const viewer = await app.signIn('viewer');
  const { data } = await viewer.get('/api/admin/capsule-services').expectPage<CapsuleService>();
  expect(data).toEqual([]);
});

describe('A report that is too large or invalid', () => {
  it.each<[string, unknown, string]>([
    ['no list of services', { services: {} }, 'services'],
    ['no services at all', {}, 'services'],
    ['a null service', { services: [null] }, 'services.0'],
    ['a list for a service', { services: [[]] }, 'services.0'],
    ['201 services', { services: times(201, (i) => aReportedService({ code: `s${i}` })) }, 'services'],
    ['a duplicate code', { services: [service({}), service({ name: 'Again' })] }, 'services'],
    ['a complete that is not a boolean', { services: [], complete: 'yes' }, 'complete'],
    ['a code in capitals', { services: [service({ code: 'Service' })] }, 'services.0.code'],
    ['a code of 81 characters', { services: [service({ code: 'a'.repeat(81) })] }, 'services.0.code'],
    ['an empty name', { services: [service({ name: '' })] }, 'services.0.name'],
    ['a name of 201 characters', { services: [service({ name: 'a'.repeat(201) })] }, 'services.0.name'],
    ['a long description', { services: [service({ description: 'a'.repeat(2001) })] }, 'services.0.description'],
    ['a long version', { services: [service({ version: 'a'.repeat(81) })] }, 'services.0.version'],
    ['a list for a manifest', { services: [service({ manifest: [] })] }, 'services.0.manifest'],
    ['a manifest of another service', { services: [service({ manifest: { code: 'x' } })] }, 'services.0.manifest'],
    ['a manifest of another kind', { services: [service({ manifest: { kind: 'Pod' } })] }, 'services.0.manifest'],
    ['a large manifest', { services: [service({ manifest: big(200_000) })] }, 'services.0.manifest'],
    ['an unknown health', { services: [service({ health: { status: 'OK' } })] }, 'services.0.health.status'],
    ['a list for a health', { services: [service({ health: [] })] }, 'services.0.health'],
    [
      'large health details',
      { services: [service({ health: { status: 'UP', details: big(10_000) } })] },
      'services.0.health.details',
    ],
    [
      '501 configs',
      { services: [service({ configs: times(501, (i) => ({ key: `k${i}`, type: 't' })) })] },
      'services.0.configs',
    ],
    [
      'far too many configs',
      { services: [service({ configs: times(100_000, (i) => ({ key: `${i}` })) })] },
      'services.0.configs',
    ],
    [
      'a duplicate config key',
      { services: [service({ configs: times(2, () => ({ key: 'k', type: 't' })) })] },
      'services.0.configs',
    ],
    ['a null config', { services: [service({ configs: [null] })] }, 'services.0.configs.0'],
    ['a config without a type', { services: [service({ configs: [{ key: 'k' }] })] }, 'services.0.configs.0.type'],
    [
      'a large config value',
      { services: [service({ configs: [{ key: 'k', type: 't', valuePreview: big(10_000) }] })] },
      'services.0.configs.0.valuePreview',
    ],
    [
      '501 actions',
      { services: [service({ actions: times(501, (i) => anAction({ name: `a${i}` })) })] },
      'services.0.actions',
    ],
    [
      'a duplicate action',
      { services: [service({ actions: [anAction(), anAction({ label: 'Again' })] })] },
      'services.0.actions',
    ],
    [
      'an action name with a slash',
      { services: [service({ actions: [anAction({ name: 'a/b' })] })] },
      'services.0.actions.0.name',
    ],
    [
      'an unknown danger',
      { services: [service({ actions: [{ ...anAction(), dangerLevel: 'SOME' }] })] },
      'services.0.actions.0.dangerLevel',
    ],
    [
      'a list for a schema',
      { services: [service({ actions: [{ ...anAction(), inputSchema: [] }] })] },
      'services.0.actions.0.inputSchema',
    ],
    [
      'a large schema',
      { services: [service({ actions: [anAction({ inputSchema: big(100_000) })] })] },
      'services.0.actions.0.inputSchema',
    ],
    [
      'no time for an action',
      { services: [service({ actions: [anAction({ timeoutSeconds: 0 })] })] },
      'services.0.actions.0.timeoutSeconds',
    ],
  ])('is refused with %s', async (_, body, path) => {
    expect(issuePaths(await agent.request('POST', '/services/report', { body }))).toContain(path);
  });

  it('is refused completely when one of its services is invalid', async () => {
    const body = { services: [aReportedService(), service({ name: 7 })] };
    expect(issuePaths(await agent.request('POST', '/services/report', { body }))).toEqual(['services.1.name']);
  });
});
