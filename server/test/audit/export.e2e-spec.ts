import { get } from 'node:http';
import type { AuditEvent, AuditVerification } from '#contracts';
import { TestOperator } from '#testing';
import { SYSTEM } from '../../src/common/actor.js';
import { AuditExportService } from '../../src/modules/audit/export/audit-export.service.js';
import { anAuditRecord, manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { parseCsv } from '../support/csv.js';
import { startTestApp, type TestApp } from '../support/start-test-app.js';

const EVENTS = '/api/admin/audit-events';
const SEEDED = 'action=service.moved';
const COLUMNS = [
  'id',
  'createdAt',
  'actorType',
  'actorId',
  'actorName',
  'action',
  'targetType',
  'targetId',
  'result',
  'message',
  'ipAddress',
  'userAgent',
  'metadata',
] as const;

/** Every page of the list. */
const listAll = async (user: TestOperator, filter: string): Promise<AuditEvent[]> => {
  const events: AuditEvent[] = [];
  let next: string | undefined;
  do {
    const cursor = next === undefined ? '' : `&cursor=${next}`;
    const { data, pagination } = await user.get(`${EVENTS}?pageSize=100&${filter}${cursor}`).expectPage<AuditEvent>();
    events.push(...data);
    next = pagination.nextCursor;
  } while (next !== undefined);
  return events;
};

/** With what follows the text, which `fetch` does not give. */
const download = (user: TestOperator, path: string) =>
  new Promise<{ text: string; trailers: NodeJS.Dict<string> }>((resolve, reject) => {
    const request = get(new URL(path, user.api.baseUrl), { headers: { cookie: user.cookie } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ text: Buffer.concat(chunks).toString(), trailers: response.trailers });
      });
    });
    request.on('error', reject);
  });

const exportCsv = async (user: TestOperator, filter: string): Promise<string[][]> =>
  parseCsv((await user.get(`${EVENTS}/export?format=csv&${filter}`)).text);

const asCells = (event: AuditEvent): string[] =>
  COLUMNS.map((column) => (column === 'metadata' ? JSON.stringify(event.metadata) : (event[column] ?? '')));

describe('exporting the audit', () => {
  it('gives exactly what the list gives, as JSON and as CSV, beyond any slice', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    await writeAudit(app, [...manyAuditRecords(1_250), ...manyAuditRecords(20, { result: 'FAILURE' })]);
    const to = app.clock.secondsFromNow(1).toISOString();
    app.clock.advance(2);
    for (const filter of ['', SEEDED, `${SEEDED}&result=FAILURE&actorType=AGENT`]) {
      const until = `${filter}&to=${to}`;
      const listed = await listAll(operator, until);
      expect((await operator.get(`${EVENTS}/export?format=json&${until}`)).json()).toEqual(listed);
      const [header, ...rows] = await exportCsv(operator, until);
      expect(header).toEqual(COLUMNS);
      expect(rows).toEqual(listed.map(asCells));
    }
  });

  it('is JSON unless told, and says what it is', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    const json = await operator.get(`${EVENTS}/export`);
    expect(json.status).toBe(200);
    expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(json.headers.get('content-disposition')).toBe('attachment; filename="opstage-audit.json"');
    const csv = await operator.get(`${EVENTS}/export?format=csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="opstage-audit.csv"');
    expect(csv.headers.get('cache-control')).toBe('no-store');
  });

  it('is an empty list, or a header alone, when nothing fits', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    expect((await operator.get(`${EVENTS}/export?format=json&${SEEDED}`)).json()).toEqual([]);
    expect(await exportCsv(operator, SEEDED)).toEqual([[...COLUMNS]]);
  });

  it('keeps quotes, commas, line ends of any kind and other scripts as they are', async () => {
    const texts = ['He said "no", then:', 'one\r\ntwo', 'one\ntwo', 'one\rtwo', '"', ',', ' 服务 ', ''];
    const { messages, notes } = await exportedTexts(texts);
    expect(messages).toEqual(texts);
    expect(notes).toEqual(texts);
  });

  it('makes inert what a spreadsheet would run as a formula', async () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'];
    const { messages, notes } = await exportedTexts(formulas);
    expect(messages).toEqual(formulas.map((formula) => `'${formula}`));
    expect(notes).toEqual(formulas);
  });

  it('is audited itself, with format and filter, and is the first event of what it exports', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    const from = app.clock.now().toISOString();
    const answer = await operator.get(`${EVENTS}/export?actorType=USER&actorType=SYSTEM&from=${from}`);
    const [event] = await app.auditEvents('audit.exported');
    expect(event).toMatchObject({
      actorName: 'operator',
      targetType: 'AuditEvent',
      targetId: null,
      result: 'SUCCESS',
      metadata: { format: 'json', filter: { actorType: ['USER', 'SYSTEM'], from } },
    });
    expect(answer.json<AuditEvent[]>()[0]).toEqual(event);
  });

  it('leaves out what is written while it runs', async () => {
    const app = await startTestApp();
    await writeAudit(app, manyAuditRecords(600));
    app.clock.advance(1);
    const actor = await actorOf(app);
    const arrive = async () => {
      app.clock.advance(1);
      await writeAudit(app, [anAuditRecord({ actor: SYSTEM, metadata: { number: 'new' } })]);
    };
    const parts = await app.nest.get(AuditExportService).start(actor, { action: ['service.moved'] }, 'json');
    const text: string[] = [];
    await arrive();
    for await (const part of parts) {
      text.push(part);
      await arrive();
    }
    const numbers = (JSON.parse(text.join('')) as AuditEvent[]).map(({ metadata }) => metadata.number);
    expect(text.length).toBeGreaterThan(2);
    expect(numbers).toEqual(Array.from({ length: 600 }, (_, i) => 599 - i));
  });

  it.each(['csv', 'json', 'jsonl'])(
    'says after a %s how many events it has, and the root of the chain',
    async (format) => {
      const app = await startTestApp();
      const operator = await app.signIn('operator');
      await writeAudit(app, manyAuditRecords(600));
      const { text, trailers } = await download(operator, `${EVENTS}/export?format=${format}&${SEEDED}`);
      expect(text).toContain('service.moved');
      expect(trailers['x-audit-event-count']).toBe('600');
      const { root } = await operator.get(`${EVENTS}/verify`).expectOk<AuditVerification>();
      expect(trailers['x-audit-root']).toBe(root);
    },
  );

  it('refuses a format or filter it does not know, and audits no export then', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    for (const query of ['format=xml', 'format=', 'format=csv&format=json', 'result=maybe', 'limit=5']) {
      await operator.get(`${EVENTS}/export?${query}`).expectError(422, 'VALIDATION_FAILED');
    }
    expect(await app.auditEvents('audit.exported')).toEqual([]);
  });
});

/** What a CSV export makes of events with these texts as message and in their metadata. */
const exportedTexts = async (texts: readonly string[]) => {
  const app = await startTestApp();
  const operator = await app.signIn('operator');
  await writeAudit(app, texts.map((message) => anAuditRecord({ message, metadata: { note: message } })).reverse());
  const [, ...rows] = await exportCsv(operator, SEEDED);
  const metadata = rows.map((cells) => JSON.parse(cells[COLUMNS.indexOf('metadata')]!) as { note: string });
  return { messages: rows.map((cells) => cells[COLUMNS.indexOf('message')]), notes: metadata.map(({ note }) => note) };
};

const actorOf = async (app: TestApp) => {
  const { user } = (await app.signIn('operator')).session;
  const origin = { ipAddress: null, userAgent: null };
  return { kind: 'user', id: user.id, username: user.username, role: user.role, sessionId: 'ses_1', origin } as const;
};
