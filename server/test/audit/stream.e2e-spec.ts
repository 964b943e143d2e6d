import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent } from '#contracts';
import { Database } from '../../src/database/database.js';
import { AuditService } from '../../src/modules/audit/audit.service.js';
import { anAuditRecord, manyAuditRecords, writeAudit } from '../support/audit-seeds.js';
import { aTestPlace, startTestApp } from '../support/start-test-app.js';

interface Copy {
  readonly run: string;
  readonly sequence: number;
  readonly event: AuditEvent;
}

const copiesIn = (file: string): readonly Copy[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Copy);

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe('the audit stream', () => {
  it('has every committed event as in the list, numbered without gaps per run', async () => {
    const place = await aTestPlace();
    const auditStream = join(place.folder, 'audit.jsonl');
    const app = await startTestApp({ beside: place, config: { auditStream } });
    await Promise.all([1, 2, 3].map(() => writeAudit(app, manyAuditRecords(40))));
    const failing = app.nest.get(Database).transaction(async (tx) => {
      await app.nest.get(AuditService, { strict: false }).record(tx, anAuditRecord({ message: 'Never happened.' }));
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    const owner = await app.signIn('owner');
    const events = await owner.get('/api/admin/audit-events/export').expectOk<AuditEvent[]>();
    await app.stop();
    const copies = copiesIn(auditStream);
    expect(copies.map(({ sequence }) => sequence)).toEqual(numbers(copies.length));
    const byId = (all: readonly AuditEvent[]) => [...all].sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(copies.map(({ event }) => event))).toEqual(byId(events));
    const again = await startTestApp({ beside: place, config: { auditStream } });
    await writeAudit(again, manyAuditRecords(2));
    await again.stop();
    const more = copiesIn(auditStream).slice(copies.length);
    expect(more.map(({ sequence }) => sequence)).toEqual(numbers(more.length));
    expect(more[0]!.run).not.toBe(copies[0]!.run);
  });

  it.each(['/dev/full', '/dev/null/nowhere', __dirname])(
    'that cannot be written to %s does no harm',
    async (target) => {
      const app = await startTestApp({ config: { auditStream: target } });
      await writeAudit(app, manyAuditRecords(50));
      expect(await app.auditEvents('service.moved')).toHaveLength(50);
      await app.stop();
    },
  );
});
