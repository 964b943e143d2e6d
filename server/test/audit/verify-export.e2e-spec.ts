import type { AuditEvent, AuditFault } from '#contracts';
import { AppConfig } from '../../src/config/app-config.js';
import { AuditRetentionService } from '../../src/modules/audit/chain/audit-retention.service.js';
import type { ExportLine } from '../../src/modules/audit/export/jsonl.js';
import { type ExportVerification, verifyExport } from '../../src/modules/audit/export/verify-export.js';
import { anAuditRecord, manyAuditRecords, sealAudit, writeAudit } from '../support/audit-seeds.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';
import { tamper } from '../support/tampering.js';

const exportOf = async (app: TestApp, filter = ''): Promise<string> =>
  (await (await app.signIn('owner')).get(`/api/admin/audit-events/export?format=jsonl&${filter}`)).text;

/** Splits a text into chunks that end anywhere, as a disk read does. */
async function* inPieces(text: string, size = 1_021): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let start = 0; start < bytes.length; start += size) {
    yield await Promise.resolve(bytes.subarray(start, start + size));
  }
}

const verify = (app: TestApp, text: string): Promise<ExportVerification> =>
  verifyExport(inPieces(text), app.nest.get(AppConfig).sessionSecrets);

const toLines = (text: string): string[] => text.trimEnd().split('\n');
const toText = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const parsed = (line: string | undefined): ExportLine => JSON.parse(line ?? '') as ExportLine;

/** Three segments of four numbered events. */
const anAudit = async (): Promise<TestApp> => {
  const app = await startTestApp();
  await app.signIn('owner');
  for (let segment = 0; segment < 3; segment += 1) {
    await sealAudit(app);
    app.clock.advance(1);
    const records = [1, 2, 3, 4].map((number) =>
      anAuditRecord({ message: '服务\u2028 "x"', metadata: { segment, number } }),
    );
    await writeAudit(app, records);
  }
  return app;
};

/** The line of the seeded event with these numbers. */
const lineOf = (lines: readonly string[], segment: number, number: number): number =>
  lines.findIndex((line) => line.includes(`"metadata":{"segment":${segment},"number":${number}}`));

const eventAt = (lines: readonly string[], index: number): AuditEvent => {
  const line = parsed(lines[index]);
  if (line.kind !== 'event') throw new Error(`Line ${index} has no event.`);
  return line.event;
};

const FIELDS: Readonly<Partial<Record<keyof AuditEvent, unknown>>> = {
  createdAt: '2020-01-01T00:00:00.000Z',
  actorType: 'SYSTEM',
  actorId: null,
  actorName: 'Seeded',
  action: 'service.retired',
  targetType: 'Agent',
  targetId: null,
  result: 'FAILURE',
  message: 'Nothing.',
  ipAddress: '10.0.0.2',
  userAgent: null,
  metadata: {},
};

describe('an export in JSON Lines', () => {
  it('verifies the whole audit, including its own event, as the server does', async () => {
    const app = await anAudit();
    await writeAudit(app, manyAuditRecords(1_100));
    const text = await exportOf(app);
    const answer = await verify(app, text);
    expect(answer).toMatchObject({ valid: true, complete: true, unsealedEvents: 0, firstBad: null });
    expect(text).toContain('"action":"audit.exported"');
    const events = toLines(text).filter((line) => parsed(line).kind === 'event');
    expect(answer.checkedEvents).toBe(events.length);
    const online = await (
      await app.signIn('owner')
    )
      .get('/api/admin/audit-events/verify')
      .expectOk<ExportVerification>();
    expect({ ...online, complete: true }).toEqual(answer);
  });

  it('contains each event once, in order, with its segment and position', async () => {
    const app = await anAudit();
    const lines = toLines(await exportOf(app)).map(parsed);
    const positions = lines.flatMap((line) => (line.kind === 'event' ? [line.position] : []));
    expect(positions).toEqual(positions.map((_, index) => index + 1));
    expect(lines[0]).toMatchObject({ kind: 'export', version: 1, filter: {} });
    expect(lines.at(-1)).toMatchObject({ kind: 'end', events: positions.length });
  });

  it('contains the events that match a filter, and verifies those', async () => {
    const app = await anAudit();
    const text = await exportOf(app, 'action=service.moved');
    expect(await verify(app, text)).toMatchObject({
      valid: true,
      complete: false,
      checkedEvents: 12,
      checkedSegments: 3,
    });
    const none = await exportOf(app, 'action=service.retired');
    expect(await verify(app, none)).toMatchObject({ valid: true, complete: false, checkedEvents: 0 });
  });

  it('verifies what retention left, and says what it deleted', async () => {
    const app = await anAudit();
    app.clock.advance(2 * 86_400);
    app.forgetSessions();
    await app.signIn('owner');
    const removed = await app.nest.get(AuditRetentionService, { strict: false }).prune(1);
    expect(removed).toBeGreaterThan(12);
    await writeAudit(app, manyAuditRecords(2));
    const text = await exportOf(app);
    expect(await verify(app, text)).toMatchObject({ valid: true, removedByRetention: removed });
    const without = toLines(text).filter((line) => parsed(line).kind !== 'tombstone');
    expect((await verify(app, toText(without))).firstBad).toMatchObject({ kind: 'missing', segment: 1 });
  });

  it('cannot be verified without the secret, but with any of several', async () => {
    const app = await anAudit();
    const text = await exportOf(app);
    const own = app.nest.get(AppConfig).sessionSecrets;
    const other = 'another secret that is long enough';
    expect((await verifyExport(inPieces(text), [other])).firstBad).toMatchObject({ kind: 'seal', segment: 1 });
    expect(await verifyExport(inPieces(text), [other, ...own])).toMatchObject({ valid: true });
  });

  it('reveals tampering with the database before the export', async () => {
    const app = await anAudit();
    await sealAudit(app);
    const { id } = (await app.auditEvents('service.moved'))[5]!;
    await tamper(app.database, "UPDATE audit_events SET message = 'Nothing.' WHERE id = ?", id);
    for (const filter of ['', 'action=service.moved']) {
      expect((await verify(app, await exportOf(app, filter))).firstBad).toMatchObject({ kind: 'changed', eventId: id });
    }
  });
});

describe.each([
  ['a complete export', ''],
  ['a filtered export', 'action=service.moved'],
])('%s that was tampered with', (_, filter) => {
  let app: TestApp;
  let lines: readonly string[];

  beforeAll(async () => {
    app = await anAudit();
    lines = toLines(await exportOf(app, filter));
  });

  const firstBad = async (changed: readonly string[]): Promise<AuditFault | null> => {
    const { valid, firstBad: fault } = await verify(app, toText(changed));
    expect(valid).toBe(fault === null);
    return fault;
  };

  it.each(Object.keys(FIELDS) as (keyof AuditEvent)[])('names an event whose %s was edited', async (field) => {
    const at = lineOf(lines, 1, 2);
    const event = eventAt(lines, at);
    const edited = JSON.stringify({ ...parsed(lines[at]), event: { ...event, [field]: FIELDS[field] } });
    expect(await firstBad(lines.with(at, edited))).toMatchObject({ kind: 'changed', eventId: event.id });
  });

  it('names an event that was inserted', async () => {
    const at = lineOf(lines, 1, 2);
    const id = 'aud_01AAAAAAAAAAAAAAAAAAAAAAAA';
    const forged = JSON.stringify({ ...parsed(lines[at]), event: { ...eventAt(lines, at), id } });
    expect(await firstBad(lines.toSpliced(at, 0, forged))).toMatchObject({ kind: 'inserted', eventId: id });
  });

  it('names an event that was moved', async () => {
    const [from, to] = [lineOf(lines, 1, 2), lineOf(lines, 1, 3)];
    const swapped = lines.with(from, lines[to]!).with(to, lines[from]!);
    const ids = [from, to].map((at) => eventAt(lines, at).id);
    expect(await firstBad(swapped)).toMatchObject({ kind: 'moved' });
    expect(ids).toContain((await firstBad(swapped))?.eventId);
    const later = lines.toSpliced(lineOf(lines, 2, 2), 0, lines[from]!).toSpliced(from, 1);
    expect(await firstBad(later)).toMatchObject({ eventId: ids[0] });
  });

  it('reports a deleted event as missing', async () => {
    const at = lineOf(lines, 1, 2);
    const fault = await firstBad(lines.toSpliced(at, 1));
    expect(fault).toMatchObject({ kind: 'missing' });
    if (filter === '') expect(fault).toMatchObject({ eventId: eventAt(lines, at).id });
  });

  it('reports a missing end, whatever was cut off with it', async () => {
    for (const length of [lines.length - 1, lines.length - 2, lineOf(lines, 2, 2), lineOf(lines, 2, 1) - 1]) {
      expect(await firstBad(lines.slice(0, length))).toMatchObject({ kind: 'missing' });
    }
    const cut = toText(lines).slice(0, -20);
    expect((await verify(app, cut)).valid).toBe(false);
  });

  it('refuses a segment that is repeated, out of order, or without its seal', async () => {
    const [one, two] = [lineOf(lines, 1, 1) - 1, lineOf(lines, 2, 1) - 1];
    expect(parsed(lines[one])).toMatchObject({ kind: 'seal' });
    expect(await firstBad([...lines.slice(0, two), ...lines.slice(one)])).toMatchObject({ kind: 'moved' });
    expect(await firstBad(lines.toSpliced(one, 5))).not.toBeNull();
    expect(await firstBad(lines.toSpliced(two, 1))).toMatchObject({ kind: 'inserted' });
  });

  it('detects a change to any other field, to its header and to its end', async () => {
    const at = lineOf(lines, 1, 2);
    const edit = (index: number, change: object) =>
      lines.with(index, JSON.stringify({ ...parsed(lines[index]), ...change }));
    const last = lines.length - 1;
    expect(await firstBad(edit(at, { position: 99 }))).toMatchObject({ kind: 'changed' });
    expect(await firstBad(edit(0, { exportedAt: '2020-01-01T00:00:00.000Z' }))).toMatchObject({ kind: 'changed' });
    expect(await firstBad(edit(0, { filter: { action: ['agent.revoked'] } }))).not.toBeNull();
    expect(await firstBad(edit(0, { filter: {} }))).toEqual(filter === '' ? null : expect.anything());
    for (const change of [{ events: 1 }, { root: 'A'.repeat(43) }, { digest: '' }, { signature: '' }]) {
      expect(await firstBad(edit(last, change))).toMatchObject({ kind: 'seal' });
    }
    expect(await firstBad([...lines, lines[at]!])).toMatchObject({ kind: 'changed' });
  });

  it('is refused when it is not an export', async () => {
    for (const text of ['', '\n', '{}', '[]', 'null', '5', 'no JSON', '{"kind":"export"}', '{"kind":"end"}', '\0']) {
      expect((await verify(app, text)).valid).toBe(false);
    }
    for (const odd of ['{"kind":"seal"}', '{"kind":"event"}', '{"kind":"tombstone"}', '{"kind":"export"}', '{}', '7']) {
      expect(await firstBad(lines.toSpliced(3, 0, odd))).not.toBeNull();
    }
  });
});
