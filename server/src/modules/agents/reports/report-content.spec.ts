import type { Manifest, ReportedService } from '#contracts';
import { toHealthContent } from '../services/health/service-health.service.js';
import { toServiceContent } from './report-content.js';

const aReport = (fields: Partial<ReportedService> = {}): ReportedService => ({
  code: 'svc',
  name: 'Service',
  ...fields,
});
const hashOf = (fields: Partial<ReportedService>): string => toServiceContent(aReport(fields)).contentHash;

describe('The stored content of a report', () => {
  it('has every default filled in', () => {
    const content = toServiceContent(
      aReport({ configs: [{ key: 'k', type: 't' }], actions: [{ name: 'a', label: 'A' }] }),
    );
    expect(content).toMatchObject({
      name: 'Service',
      description: null,
      version: null,
      runtime: null,
      manifest: { kind: 'CapsuleService', schemaVersion: '1.0', code: 'svc', name: 'Service' },
    });
    expect(content.configs).toEqual([
      {
        key: 'k',
        type: 't',
        label: null,
        source: null,
        editable: false,
        sensitive: false,
        configured: false,
        valuePreview: null,
        defaultValue: null,
        secretRef: null,
      },
    ]);
    expect(content.actions).toEqual([
      {
        name: 'a',
        label: 'A',
        description: null,
        category: null,
        order: 0,
        dangerLevel: 'LOW',
        requiresConfirmation: false,
        inputSchema: null,
        timeoutSeconds: null,
        enabled: true,
      },
    ]);
  });

  it('distinguishes parts that were not reported from empty parts', () => {
    expect(toServiceContent(aReport())).toMatchObject({ configs: null, actions: null });
    expect(toServiceContent(aReport({ configs: [], actions: [] }))).toMatchObject({ configs: [], actions: [] });
  });

  it.each<[string, Partial<ReportedService>, string | null, string | null]>([
    ['the report', { version: '2', manifest: { version: '1' } as Manifest }, '2', null],
    ['the manifest', { manifest: { version: '1', runtime: 'go' } as Manifest }, '1', 'go'],
    ['nothing usable', { manifest: { version: '', runtime: 7 } as unknown as Manifest }, null, null],
    ['a manifest, cut to size', { manifest: { version: 'v'.repeat(90) } as Manifest }, 'v'.repeat(80), null],
  ])('takes version and runtime from %s', (_, fields, version, runtime) => {
    expect(toServiceContent(aReport(fields))).toMatchObject({ version, runtime });
  });

  it.each<[string, object, boolean]>([
    ['a value', { valuePreview: 0 }, true],
    ['the value false', { valuePreview: false }, true],
    ['a reference', { secretRef: 'vault:x' }, true],
    ['an empty value', { valuePreview: '' }, false],
    ['only a default', { defaultValue: 1 }, false],
    ['a sensitive value', { sensitive: true, valuePreview: 'x' }, true],
  ])('shows whether a config is set: %s (%#)', (_, fields, configured) => {
    const [item] = toServiceContent(aReport({ configs: [{ key: 'k', type: 't', ...fields }] })).configs!;
    expect(item!.configured).toBe(configured);
  });

  it.each(['password', 'db.apiKey', 'SMTP_PASSWORD', 'accessToken'])('has no value for the key %s', (key) => {
    const item = { key, type: 't', sensitive: false, valuePreview: 'x', defaultValue: 'y' };
    expect(toServiceContent(aReport({ configs: [item] })).configs).toMatchObject([
      { sensitive: true, valuePreview: null, defaultValue: null },
    ]);
  });

  it('has the same hash for the same content, and another hash for any difference', () => {
    const base: Partial<ReportedService> = {
      version: '1',
      manifest: { a: 1, b: { c: 2, d: 3 } } as unknown as Manifest,
      configs: [{ key: 'k', type: 't', valuePreview: { x: 1, y: 2 } }],
    };
    const swapped = {
      configs: [{ valuePreview: { y: 2, x: 1 }, type: 't', key: 'k', editable: false }],
      manifest: { b: { d: 3, c: 2 }, a: 1 } as unknown as Manifest,
      version: '1',
      health: { status: 'DOWN' as const },
    };
    expect(hashOf(swapped)).toBe(hashOf(base));
    for (const other of [{ version: '2' }, { name: 'Other' }, { configs: [] }, { actions: [] }, { description: 'x' }]) {
      expect(hashOf({ ...base, ...other })).not.toBe(hashOf(base));
    }
  });

  it('has a hash that does not depend on secrets', () => {
    const withSecret = (valuePreview: string): string =>
      hashOf({ configs: [{ key: 'password', type: 't', valuePreview }] });
    expect(withSecret('one')).toBe(withSecret('two'));
  });
});

describe('The stored content of a health', () => {
  it('is redacted and complete', () => {
    expect(toHealthContent({ status: 'UP' })).toEqual({ status: 'UP', message: null, details: null });
    const token = `opstage_agent_${'a'.repeat(43)}`;
    expect(toHealthContent({ status: 'DOWN', message: token, details: { password: 'x', n: 1 } })).toEqual({
      status: 'DOWN',
      message: '[REDACTED]',
      details: { password: '[REDACTED]', n: 1 },
    });
  });
});
