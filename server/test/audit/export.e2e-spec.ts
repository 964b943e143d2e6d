import { Logger } from '@nestjs/common';
import type { AuditEvent, AuditVerification } from '#contracts';
import { TestOperator } from '#testing';
import { SYSTEM } from '../../src/common/actor.js';
import { AuditRepository } from '../../src/modules/audit/audit.repository.js';
import { ChainReader } from '../../src/modules/audit/chain/chain-reader.js';
import { AuditExportService } from '../../src/modules/audit/export/audit-export.service.js';
import { anAuditRecord, manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { parseCsv } from '../support/csv.js';
import { rawRequest, sendRaw } from '../support/raw-http.js';
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

/** The envelope of a JSON export. */
interface JsonExport {
  readonly success: true;
  readonly data: AuditEvent[];
  readonly summary: { readonly count: number; readonly root: string | null };
}

const exportCsv = async (user: TestOperator, filter: string): Promise<string[][]> =>
  parseCsv((await user.get(`${EVENTS}/export?format=csv&${filter}`)).text);

const asCells = (event: AuditEvent): string[] =>
  COLUMNS.map((column) => (column === 'metadata' ? JSON.stringify(event.metadata) : (event[column] ?? '')));

const DISK_ERROR = new Error('The disk cannot be read.');

/** How the exports ended, the last one first. */
const exportResults = async (app: TestApp): Promise<readonly string[]> =>
  (await app.auditEvents('audit.exported')).map(({ result }) => result);

/** Lets an export read this many slices of the audit and then fail. */
const failReads = (app: TestApp, after: number): void => {
  let left = after;
  const readOrFail = <T>(read: () => Promise<T>): Promise<T> => {
    left -= 1;
    return left < 0 ? Promise.reject(DISK_ERROR) : read();
  };
  const [events, chain] = [app.nest.get(AuditRepository), app.nest.get(ChainReader)];
  const storedSlices = events.storedSlices.bind(events);
  jest.spyOn(events, 'storedSlices').mockImplementation((...asked) => {
    const read = storedSlices(...asked);
    return (position) => readOrFail(() => read(position));
  });
  const slice = chain.slice.bind(chain);
  jest.spyOn(chain, 'slice').mockImplementation((...asked) => readOrFail(() => slice(...asked)));
};

describe('exporting the audit', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('contains exactly the events of the list, as JSON and as CSV, across slices', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    await writeAudit(app, [...manyAuditRecords(1_250), ...manyAuditRecords(20, { result: 'FAILURE' })]);
    const to = app.clock.secondsFromNow(1).toISOString();
    app.clock.advance(2);
    for (const filter of ['', SEEDED, `${SEEDED}&result=FAILURE&actorType=AGENT`]) {
      const until = `${filter}&to=${to}`;
      const listed = await listAll(operator, until);
      const exported = (await operator.get(`${EVENTS}/export?format=json&${until}`)).json<JsonExport>();
      expect(exported.data).toEqual(listed);
      const [header, ...rows] = await exportCsv(operator, until);
      expect(header).toEqual(COLUMNS);
      expect(rows).toEqual(listed.map(asCells));
    }
  });

  it('is JSON by default, and names its content type', async () => {
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

  it('is an empty list, or only a header, when nothing matches', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    const empty = (await operator.get(`${EVENTS}/export?format=json&${SEEDED}`)).json<JsonExport>();
    expect(empty).toMatchObject({ success: true, data: [], summary: { count: 0 } });
    expect(await exportCsv(operator, SEEDED)).toEqual([[...COLUMNS]]);
  });

  it('preserves quotes, commas, any line ends and non-Latin scripts', async () => {
    const texts = ['He said "no", then:', 'one\r\ntwo', 'one\ntwo', 'one\rtwo', '"', ',', ' 服务 ', ''];
    const { messages, notes } = await exportedTexts(texts);
    expect(messages).toEqual(texts);
    expect(notes).toEqual(texts);
  });

  it('keeps spreadsheets from running cells as formulas', async () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'];
    const { messages, notes } = await exportedTexts(formulas);
    expect(messages).toEqual(formulas.map((formula) => `'${formula}`));
    expect(notes).toEqual(formulas);
  });

  it('is audited with its format and filter, and its own event comes first', async () => {
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
    expect(answer.json<JsonExport>().data[0]).toEqual(event);
  });

  it('leaves out events that are written while it runs', async () => {
    const app = await startTestApp();
    await writeAudit(app, manyAuditRecords(600));
    app.clock.advance(1);
    const actor = await actorOf(app);
    const arrive = async () => {
      app.clock.advance(1);
      await writeAudit(app, [anAuditRecord({ actor: SYSTEM, metadata: { number: 'new' } })]);
    };
    const { text: parts } = await app.nest.get(AuditExportService).start(actor, { action: ['service.moved'] }, 'json');
    const text: string[] = [];
    await arrive();
    for await (const part of parts) {
      text.push(part);
      await arrive();
    }
    const numbers = (JSON.parse(text.join('')) as JsonExport).data.map(({ metadata }) => metadata.number);
    expect(text.length).toBeGreaterThan(2);
    expect(numbers).toEqual(Array.from({ length: 600 }, (_, i) => 599 - i));
  });

  it.each(['csv', 'json', 'jsonl'])('as %s sends the root of the chain in a header', async (format) => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    await writeAudit(app, manyAuditRecords(600));
    const { headers, text } = await operator.get(`${EVENTS}/export?format=${format}&${SEEDED}`);
    const { root } = await operator.get(`${EVENTS}/verify`).expectOk<AuditVerification>();
    expect(text).toContain('service.moved');
    expect(headers.get('x-audit-root')).toBe(root);
    expect(headers.get('trailer')).toBeNull();
  });

  it('as JSON uses the envelope, and ends with its count and the root of the chain', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    await writeAudit(app, manyAuditRecords(600));
    const exported = (await operator.get(`${EVENTS}/export?${SEEDED}`)).json<JsonExport>();
    const { root } = await operator.get(`${EVENTS}/verify`).expectOk<AuditVerification>();
    expect(Object.keys(exported)).toEqual(['success', 'data', 'summary']);
    expect(exported.data).toHaveLength(600);
    expect(exported).toMatchObject({ success: true, summary: { count: 600, root } });
  });

  it.each(['csv', 'json', 'jsonl'])(
    'that fails before its first byte is an error response, and is logged: %s',
    async (format) => {
      const app = await startTestApp();
      const operator = await app.signIn('operator');
      const logged = jest.spyOn(Logger.prototype, 'error');
      failReads(app, 0);
      const answer = await operator.get(`${EVENTS}/export?format=${format}`);
      answer.error(500, 'INTERNAL_ERROR');
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(answer.headers.get('content-disposition')).toBeNull();
      expect(logged).toHaveBeenCalledWith(DISK_ERROR);
      expect(await exportResults(app)).toEqual(['FAILURE', 'SUCCESS']);
    },
  );

  it.each(['csv', 'json', 'jsonl'])('that fails later is cut off, and is logged: %s', async (format) => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    await writeAudit(app, manyAuditRecords(600));
    const logged = jest.spyOn(Logger.prototype, 'error');
    failReads(app, 1);
    const line = `GET ${EVENTS}/export?format=${format} HTTP/1.1`;
    const { status, body } = await sendRaw(app, rawRequest(line, [`Cookie: ${operator.cookie}`]));
    expect(status).toBe(200);
    // A client can tell that it is incomplete: the final chunk, of length zero, is missing.
    expect(body).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(logged).toHaveBeenCalledWith(DISK_ERROR);
    expect(await exportResults(app)).toEqual(['FAILURE', 'SUCCESS']);
    await app.api.get('/health').expectOk();
  });

  it('refuses an unknown format or filter without auditing an export', async () => {
    const app = await startTestApp();
    const operator = await app.signIn('operator');
    for (const query of ['format=xml', 'format=', 'format=csv&format=json', 'result=maybe', 'limit=5']) {
      await operator.get(`${EVENTS}/export?${query}`).expectError(422, 'VALIDATION_FAILED');
    }
    expect(await app.auditEvents('audit.exported')).toEqual([]);
  });
});

/** Exports events with these texts as message and in their metadata. */
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
