import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataSource, Entity, PrimaryColumn } from 'typeorm';
import type { DatabaseKind } from '#contracts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import {
  BooleanColumn,
  IdColumn,
  InstantColumn,
  IntegerColumn,
  JsonColumn,
  StringColumn,
  TextColumn,
} from './columns.js';
import { boolean, id, instant, integer, json, NULLABLE, string, table, text } from './migrations/table-builder.js';
import { openPostgres } from './postgres/postgres-database.js';
import { openSqliteWriter } from './sqlite/sqlite-connection.js';

@Entity('samples')
class Sample {
  @PrimaryColumn({ name: 'id', type: 'varchar', length: 40, primaryKeyConstraintName: 'pk_samples' }) id!: string;
  @IdColumn('other_id', { nullable: true }) otherId!: string | null;
  @StringColumn('name', 20) name!: string;
  @TextColumn('note', { nullable: true }) note!: string | null;
  @InstantColumn('seen_at', { nullable: true }) seenAt!: Date | null;
  @IntegerColumn('size') size!: number;
  @BooleanColumn('enabled') enabled!: boolean;
  @JsonColumn('value', { nullable: true }) value!: unknown;
}

const samples = table('samples', {
  columns: [
    id('other_id', NULLABLE),
    string('name', 20),
    text('note', NULLABLE),
    instant('seen_at', NULLABLE),
    integer('size'),
    boolean('enabled'),
    json('value', NULLABLE),
  ],
});

describe.each<DatabaseKind>(['sqlite', 'postgres'])('columns on %s', (kind) => {
  let folder: string;
  let store: TestDatabase;
  let source: DataSource;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-columns-'));
    store = await createTestDatabase(kind, folder);
    const { file, url } = store.config;
    source = await (kind === 'sqlite' ? openSqliteWriter(file, [Sample]) : openPostgres(url, [Sample]));
    const runner = source.createQueryRunner();
    await runner.createTable(samples.clone());
    await runner.release();
  });

  afterAll(async () => {
    await source.destroy();
    await store.drop();
    rmSync(folder, { recursive: true });
  });

  const stored = async (row: Sample): Promise<Sample> => {
    await source.manager.insert(Sample, row as object);
    return source.manager.findOneByOrFail(Sample, { id: row.id });
  };

  const aSample = (overrides: Partial<Sample>): Sample => ({
    id: 'a',
    otherId: null,
    name: 'n',
    note: null,
    seenAt: null,
    size: 0,
    enabled: false,
    value: null,
    ...overrides,
  });

  it('are the same in entities and migrations', async () => {
    expect((await source.driver.createSchemaBuilder().log()).upQueries).toEqual([]);
  });

  it('return what was stored', async () => {
    const row = aSample({
      id: 'full',
      otherId: 'usr_1',
      name: 'Élodie 服务 😀',
      note: 'line\nline',
      seenAt: new Date('2026-11-23T16:24:49.187Z'),
      size: -2_147_483_648,
      enabled: true,
      value: { list: [1, 'two', null, { deep: true }], text: '\u0000 "quoted" \\' },
    });
    expect(await stored(row)).toEqual(row);
    const empty = aSample({ id: 'empty' });
    expect(await stored(empty)).toEqual(empty);
  });

  it.each([0, false, '', 'null', []])('keep the JSON value %j', async (value) => {
    expect((await stored(aSample({ id: `json-${JSON.stringify(value)}`, value }))).value).toEqual(value);
  });

  it('order and compare instants by time, also before 1970 and far in the future', async () => {
    const instants = [
      '1969-07-20T20:17:40.000Z',
      '1970-01-01T00:00:00.000Z',
      '2026-11-23T16:24:49.186Z',
      '9999-12-31T00:00:00.000Z',
    ];
    for (const at of [...instants].reverse()) await stored(aSample({ id: at, seenAt: new Date(at), name: 'ordered' }));
    const query = source.manager
      .createQueryBuilder(Sample, 'sample')
      .where(`sample.name = 'ordered'`)
      .orderBy('sample.seenAt');
    expect((await query.getMany()).map(({ seenAt }) => seenAt?.toISOString())).toEqual(instants);
    const later = query.andWhere('sample.seen_at > :at', { at: Date.parse(instants[1]!) });
    expect(await later.getCount()).toBe(2);
  });
});
