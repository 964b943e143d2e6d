import type { Manifest } from '#contracts';
import type { CapsuleServiceEntity } from '../services/capsule-service.entity.js';
import type { RowChanges } from '../services/service-details.repository.js';
import type { ServiceContent } from './report-content.js';
import {
  changedFields,
  changeNotes,
  diffRows,
  isChange,
  type ServiceChanges,
  summarizeChanges,
} from './report-diff.js';

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

describe('A report', () => {
  it.each<[Partial<ServiceContent>, readonly string[]]>([
    [{}, []],
    [{ manifest: { name: 'S', code: 's', schemaVersion: '1.0', kind: 'CapsuleService' } }, []],
    [{ name: 'T', description: 'd', runtime: 'go' }, ['name', 'description', 'runtime']],
    [{ version: '2', manifest: { ...MANIFEST, version: '2' } }, ['version', 'manifest']],
  ])('changes the fields that differ: %j', (fields, expected) => {
    expect(changedFields(SERVICE, aContent(fields))).toEqual(expected);
  });

  it.each<[Partial<ServiceChanges>, readonly string[]]>([
    [{}, []],
    [{ fields: ['name'] }, ['service.reported']],
    [{ returned: true }, ['service.reported']],
    [{ actions: PART }, ['service.reported']],
    [{ configs: PART }, ['service.config.changed', 'service.reported']],
  ])('is audited for its changes: %j', (changes, expected) => {
    const notes = changeNotes(SERVICE, aContent(), { ...NONE, ...changes });
    expect(notes.map(({ action }) => action)).toEqual(expected);
    expect(isChange({ ...NONE, ...changes })).toBe(expected.length > 0);
  });

  it('is audited with both versions, one of which may be unknown', () => {
    const [note] = changeNotes(SERVICE, aContent({ version: null }), { ...NONE, fields: ['version'] });
    expect(note).toEqual({
      action: 'service.version.changed',
      message: 'Service s went from version 1 to unknown.',
      metadata: { from: '1', to: null },
    });
  });
});

interface Content {
  readonly key: string;
  readonly value: unknown;
}

interface Row extends Content {
  readonly id: number;
}

const keyOf = ({ key }: Content): string => key;

let nextId = 100;
const changesOf = (rows: readonly Row[], contents: readonly Content[]): RowChanges<Row> =>
  diffRows<Row, Content, number>({
    rows,
    contents,
    keyOf,
    contentOf: ({ id, ...content }) => content,
    toRow: (content, id) => ({ ...content, id: id ?? (nextId += 1) }),
  });

const ROWS: readonly Row[] = [
  { id: 1, key: 'a', value: { x: 1, y: [2] } },
  { id: 2, key: 'b', value: null },
];

describe('The difference between rows and a report', () => {
  it('is empty when they match, in any order', () => {
    const changes = changesOf(ROWS, [
      { key: 'b', value: null },
      { value: { y: [2], x: 1 }, key: 'a' },
    ]);
    expect(changes).toEqual({ added: [], changed: [], removed: [] });
    expect(summarizeChanges(changes, keyOf)).toBeNull();
  });

  it.each<[string, readonly Content[], Partial<RowChanges<Row>>]>([
    [
      'a new row',
      [...ROWS, { key: 'c', value: 3 }],
      { added: [{ id: expect.any(Number) as number, key: 'c', value: 3 }] },
    ],
    [
      'another value under the same id',
      [ROWS[0]!, { key: 'b', value: 0 }],
      { changed: [{ id: 2, key: 'b', value: 0 }] },
    ],
    [
      'another order in a list',
      [{ key: 'a', value: { x: 1, y: [2, 1] } }, ROWS[1]!],
      { changed: [{ id: 1, key: 'a', value: { x: 1, y: [2, 1] } }] },
    ],
    ['a removed row', [ROWS[1]!], { removed: [ROWS[0]!] }],
    ['all rows removed', [], { removed: ROWS }],
  ])('is %s', (_, contents, expected) => {
    const withoutIds = contents.map(({ key, value }) => ({ key, value }));
    const changes = changesOf(ROWS, withoutIds);
    expect(changes).toEqual({ added: [], changed: [], removed: [], ...expected });
    expect(summarizeChanges(changes, keyOf)).toEqual({
      added: changes.added.map(keyOf),
      changed: changes.changed.map(keyOf),
      removed: changes.removed.map(keyOf),
    });
  });

  it('is the whole report when there are no rows', () => {
    expect(changesOf([], [{ key: 'a', value: 1 }]).added).toHaveLength(1);
  });
});
