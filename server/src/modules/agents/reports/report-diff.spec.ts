import type { Manifest } from '#contracts';
import type { CapsuleServiceEntity } from '../services/capsule-service.entity.js';
import type { ServiceContent } from './report-content.js';
import { changedFields, changeNotes, isChange, type ServiceChanges } from './report-diff.js';

const MANIFEST = { kind: 'CapsuleService', schemaVersion: '1.0', code: 's', name: 'S' } as const satisfies Manifest;
const FIELDS = { name: 'S', description: null, version: '1', runtime: null, manifest: MANIFEST };
const SERVICE = { ...FIELDS, code: 's' } as CapsuleServiceEntity;
const NONE: ServiceChanges = { fields: [], configs: null, actions: null, returned: false };
const PART = { added: ['a'], changed: [], removed: [] };

const aContent = (fields: Partial<ServiceContent> = {}): ServiceContent => ({
  ...FIELDS,
  configs: null,
  actions: null,
  contentHash: '',
  ...fields,
});

describe('what a report changes', () => {
  it.each<[Partial<ServiceContent>, readonly string[]]>([
    [{}, []],
    [{ manifest: { name: 'S', code: 's', schemaVersion: '1.0', kind: 'CapsuleService' } }, []],
    [{ name: 'T', description: 'd', runtime: 'go' }, ['name', 'description', 'runtime']],
    [{ version: '2', manifest: { ...MANIFEST, version: '2' } }, ['version', 'manifest']],
  ])('in its fields: %j', (fields, expected) => {
    expect(changedFields(SERVICE, aContent(fields))).toEqual(expected);
  });

  it.each<[Partial<ServiceChanges>, readonly string[]]>([
    [{}, []],
    [{ fields: ['name'] }, ['service.reported']],
    [{ returned: true }, ['service.reported']],
    [{ actions: PART }, ['service.reported']],
    [{ configs: PART }, ['service.config.changed', 'service.reported']],
  ])('is audited: %j', (changes, expected) => {
    const notes = changeNotes(SERVICE, aContent(), { ...NONE, ...changes });
    expect(notes.map(({ action }) => action)).toEqual(expected);
    expect(isChange({ ...NONE, ...changes })).toBe(expected.length > 0);
  });

  it('is audited with both versions, one of which may not be known', () => {
    const [note] = changeNotes(SERVICE, aContent({ version: null }), { ...NONE, fields: ['version'] });
    expect(note).toEqual({
      action: 'service.version.changed',
      message: 'Service s went from version 1 to unknown.',
      metadata: { from: '1', to: null },
    });
  });
});
