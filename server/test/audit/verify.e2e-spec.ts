import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent, AuditFault, AuditVerification } from '#contracts';
import { eventually } from '#testing';
import { AuditRetentionService } from '../../src/modules/audit/chain/audit-retention.service.js';
import { anAuditRecord, manyAuditRecords, sealAudit, writeAudit } from '../support/audit-seeds.js';
import { aTestPlace, startTestApp, type TestApp } from '../support/start-test-app.js';
import { tamper } from '../support/tampering.js';

const DAY_SECONDS = 86_400;

/** Sessions long enough for a whole test. */
const LONG = { sessionTtlSeconds: 365 * DAY_SECONDS, sessionAbsoluteSeconds: 365 * DAY_SECONDS };

const verify = async (app: TestApp): Promise<AuditVerification> =>
  (await app.signIn('owner')).get('/api/admin/audit-events/verify').expectOk<AuditVerification>();

/** A server whose audit has several sealed segments; `events` are the seeded ones, in sealed order. */
const aSealedAudit = async () => {
  const app = await startTestApp({ config: LONG });
  await app.signIn('owner');
  await sealAudit(app);
  for (let segment = 0; segment < 3; segment += 1) {
    app.clock.advance(1);
    await writeAudit(
      app,
      [1, 2, 3, 4].map((number) => anAuditRecord({ metadata: { segment, number } })),
    );
    await sealAudit(app);
  }
  const events = [...(await app.auditEvents('service.moved'))].reverse();
  const [row] = await tamper(app.database, 'SELECT MAX(sequence) AS last FROM audit_seals');
  return { app, events, last: Number(row?.last) };
};

const firstBad = async (app: TestApp): Promise<AuditFault | null> => {
  const { valid, firstBad: fault } = await verify(app);
  expect(valid).toBe(fault === null);
  return fault;
};

describe('verifying the audit', () => {
  it('says what was verified, also after a restart', async () => {
    const app = await startTestApp();
    await app.signIn('owner');
    await writeAudit(app, manyAuditRecords(1_250));
    await sealAudit(app);
    const before = await verify(app);
    expect(before).toMatchObject({ valid: true, unsealedEvents: 0, removedByRetention: 0, firstBad: null });
    expect(before.checkedEvents).toBeGreaterThan(1_250);
    expect(before.checkedSegments).toBeGreaterThanOrEqual(3);
    await app.stop();
    const again = await startTestApp({ beside: app });
    await again.signIn('owner');
    await sealAudit(again);
    const after = await verify(again);
    expect(after.valid).toBe(true);
    expect(after.checkedEvents).toBeGreaterThan(before.checkedEvents);
    expect(after.root).not.toBe(before.root);
  });

  it('counts events that are too new to be sealed, and seals them a second later', async () => {
    const app = await startTestApp();
    await app.signIn('owner');
    await sealAudit(app);
    const { checkedEvents } = await verify(app);
    await writeAudit(app, manyAuditRecords(3));
    expect((await verify(app)).unsealedEvents).toBe(3);
    await eventually('the events are sealed', async () => (await verify(app)).unsealedEvents === 0);
    expect(await verify(app)).toMatchObject({ valid: true, checkedEvents: checkedEvents + 3 });
  });

  it('needs no data directory, and creates one if it can', async () => {
    for (const [folder, hasHead] of [
      ['none yet', true],
      ['opstage.db/none', false],
    ] as const) {
      const place = await aTestPlace();
      if (place.database.config.kind === 'postgres') writeFileSync(join(place.folder, 'opstage.db'), '');
      const dataDir = join(place.folder, folder);
      const app = await startTestApp({ beside: place, config: { dataDir } });
      await writeAudit(app, manyAuditRecords(3));
      await sealAudit(app);
      expect(await verify(app)).toMatchObject({ valid: true });
      expect(existsSync(join(dataDir, 'audit-head.json'))).toBe(hasHead);
    }
  });

  it('requires the role operator', async () => {
    const app = await startTestApp();
    await (await app.signIn('viewer')).get('/api/admin/audit-events/verify').expectError(403, 'FORBIDDEN');
  });

  it('seals events that were committed late, and those left by an older version', async () => {
    const { app, events } = await aSealedAudit();
    await tamper(
      app.database,
      `INSERT INTO audit_events (id, actor_type, action, target_type, result, message, metadata, created_at)
        VALUES ('aud_01AAAAAAAAAAAAAAAAAAAAAAAA', 'SYSTEM', 'maintenance.run', 'Workspace', 'SUCCESS', 'Late.', '{}', ?)`,
      new Date(events[0]!.createdAt).getTime(),
    );
    expect(await sealAudit(app)).toBe(1);
    expect(await firstBad(app)).toBeNull();
  });

  it('stays one chain when many servers seal at once', async () => {
    const app = await startTestApp();
    await app.signIn('owner');
    const beside = app.database.config.kind === 'postgres' ? await startTestApp({ beside: app }) : app;
    await beside.signIn('owner');
    for (let round = 0; round < 5; round += 1) {
      await writeAudit(app, manyAuditRecords(20));
      await Promise.all([sealAudit(app), sealAudit(beside), writeAudit(beside, manyAuditRecords(20)), sealAudit(app)]);
    }
    await sealAudit(beside);
    for (const one of [app, beside]) expect(await verify(one)).toMatchObject({ valid: true, unsealedEvents: 0 });
  });
});

const COLUMNS: readonly (readonly [column: string, value: string | number])[] = [
  ['id', 'aud_01AAAAAAAAAAAAAAAAAAAAAAAA'],
  ['actor_type', 'SYSTEM'],
  ['actor_id', 'agt_other'],
  ['actor_name', 'somebody else'],
  ['action', 'service.retired'],
  ['target_type', 'Agent'],
  ['target_id', 'svc_other'],
  ['result', 'FAILURE'],
  ['message', 'A seeded event,'],
  ['ip_address', '10.0.0.2'],
  ['user_agent', 'Seeds'],
  ['metadata', '{"segment":2}'],
  ['metadata', 'no JSON'],
  ['created_at', 1],
  ['created_at', 9_000_000_000_000_000],
];

describe('an event that was tampered with', () => {
  it('is named when any column was changed', async () => {
    const { app, events } = await aSealedAudit();
    const { id } = events[5]!;
    for (const [column, value] of COLUMNS) {
      const [row] = await tamper(app.database, `SELECT ${column} AS kept FROM audit_events WHERE id = ?`, id);
      await tamper(app.database, `UPDATE audit_events SET ${column} = ? WHERE id = ?`, value, id);
      const now = column === 'id' ? String(value) : id;
      const expected = column === 'id' ? ['inserted', 'missing'] : ['changed'];
      const fault = await firstBad(app);
      expect({ column, kinds: expected, id: [id, now] }).toEqual({
        column,
        kinds: expect.arrayContaining([fault?.kind]) as unknown,
        id: expect.arrayContaining([fault?.eventId]) as unknown,
      });
      await tamper(app.database, `UPDATE audit_events SET ${column} = ? WHERE id = ?`, row!.kept as string, now);
      expect(await firstBad(app)).toBeNull();
    }
  });

  it('is named when it was deleted', async () => {
    const { app, events } = await aSealedAudit();
    await tamper(app.database, 'DELETE FROM audit_events WHERE id = ?', events[6]!.id);
    expect(await firstBad(app)).toMatchObject({ kind: 'missing', eventId: events[6]!.id });
  });

  it('is named when it was inserted', async () => {
    const { app, events, last } = await aSealedAudit();
    const id = 'aud_01AAAAAAAAAAAAAAAAAAAAAAAA';
    const columns = 'actor_type, actor_id, action, target_type, result, message, metadata, created_at';
    for (const sequence of [last, last - 1, 0]) {
      await tamper(
        app.database,
        `INSERT INTO audit_events (id, seal_sequence, ${columns}) SELECT '${id}', ${sequence}, ${columns} FROM audit_events WHERE id = ?`,
        events[5]!.id,
      );
      expect(await firstBad(app)).toMatchObject({ kind: 'inserted', eventId: id, segment: sequence });
      await tamper(app.database, 'DELETE FROM audit_events WHERE id = ?', id);
    }
  });

  it('is named when it was moved to another segment, or out of every segment', async () => {
    const { app, events, last } = await aSealedAudit();
    const { id } = events[5]!;
    const moveTo = (sequence: number | null) =>
      tamper(app.database, 'UPDATE audit_events SET seal_sequence = ? WHERE id = ?', sequence, id);
    for (const sequence of [last, null, last + 7]) {
      await moveTo(sequence);
      expect(await firstBad(app)).toMatchObject({ kind: 'moved', eventId: id, segment: last - 1 });
      await moveTo(last - 1);
    }
    expect(await firstBad(app)).toBeNull();
  });

  it('is named when two events were swapped', async () => {
    const { app, events } = await aSealedAudit();
    const [one, other] = [events[5]!.id, events[6]!.id];
    const rename = (from: string, to: string) =>
      tamper(app.database, 'UPDATE audit_events SET id = ? WHERE id = ?', to, from);
    await rename(one, 'aside');
    await rename(other, one);
    await rename('aside', other);
    expect(await firstBad(app)).toMatchObject({ kind: 'changed', eventId: one });
  });
});

describe('a chain that was tampered with', () => {
  it('is broken at a seal with a changed column', async () => {
    const { app, last } = await aSealedAudit();
    const [other] = await tamper(app.database, 'SELECT * FROM audit_seals WHERE sequence = ?', last);
    for (const column of Object.keys(other!).filter((name) => name !== 'sequence')) {
      const at = 'WHERE sequence = ?';
      const [row] = await tamper(app.database, `SELECT ${column} AS kept FROM audit_seals ${at}`, last - 1);
      const wrong = column === 'event_count' ? 3 : other![column];
      await tamper(app.database, `UPDATE audit_seals SET ${column} = ? ${at}`, wrong as string, last - 1);
      expect({ column, fault: await firstBad(app) }).toMatchObject({
        column,
        fault: { kind: 'seal', segment: last - 1 },
      });
      await tamper(app.database, `UPDATE audit_seals SET ${column} = ? ${at}`, row!.kept as string, last - 1);
    }
    expect(await firstBad(app)).toBeNull();
  });

  it('is broken where a segment was removed, with or without its seal', async () => {
    const { app, last } = await aSealedAudit();
    await tamper(app.database, 'DELETE FROM audit_seals WHERE sequence = ?', last - 1);
    expect(await firstBad(app)).toMatchObject({ kind: 'missing', segment: last - 1 });
    await tamper(app.database, 'DELETE FROM audit_events WHERE seal_sequence = ?', last - 1);
    expect(await firstBad(app)).toMatchObject({ kind: 'missing', segment: last - 1 });
  });

  it('is broken where its end was cut off, with or without the seals', async () => {
    const { app, last } = await aSealedAudit();
    await tamper(app.database, 'DELETE FROM audit_seals WHERE sequence >= ?', last - 1);
    expect(await firstBad(app)).toMatchObject({ kind: 'missing', segment: last - 1 });
    await tamper(app.database, 'DELETE FROM audit_events WHERE seal_sequence >= ?', last - 1);
    expect(await firstBad(app)).toMatchObject({ kind: 'missing', segment: last - 1 });
  });

  it('is broken when an older copy of the database is restored, also after it has continued from there', async () => {
    const { app, last } = await aSealedAudit();
    const tables = ['audit_events', 'audit_seals', 'audit_tombstones'];
    for (const table of tables) await tamper(app.database, `CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
    await writeAudit(app, manyAuditRecords(2));
    await sealAudit(app);
    for (const table of tables) {
      await tamper(app.database, `DELETE FROM ${table}`);
      await tamper(app.database, `INSERT INTO ${table} SELECT * FROM kept_${table}`);
    }
    expect(await firstBad(app)).toMatchObject({ kind: 'missing', segment: last + 1 });
    for (let more = 0; more < 3; more += 1) {
      await writeAudit(app, [anAuditRecord()]);
      await sealAudit(app);
    }
    expect(await firstBad(app)).toMatchObject({ kind: 'seal', segment: last + 1 });
  });

  it('rejects a head that was not signed here, and preserves it', async () => {
    const { app } = await aSealedAudit();
    const file = join(app.folder, 'audit-head.json');
    const head = JSON.parse(readFileSync(file, 'utf8')) as { sequence: number };
    for (const forged of [JSON.stringify({ ...head, sequence: head.sequence - 1 }), '{}', '']) {
      writeFileSync(file, forged);
      await writeAudit(app, [anAuditRecord()]);
      await sealAudit(app);
      expect(await firstBad(app)).toMatchObject({ kind: 'seal' });
      expect(readFileSync(file, 'utf8')).toBe(forged);
    }
    rmSync(file);
    await writeAudit(app, [anAuditRecord()]);
    await sealAudit(app);
    expect(await firstBad(app)).toBeNull();
  });
});

describe('a chain after retention', () => {
  const aPrunedAudit = async () => {
    const sealed = await aSealedAudit();
    const { app } = sealed;
    app.clock.advance(2 * DAY_SECONDS);
    await writeAudit(app, manyAuditRecords(3, { action: 'service.retired' }));
    await sealAudit(app);
    const prune = () => app.nest.get(AuditRetentionService, { strict: false }).prune(1);
    return { ...sealed, prune };
  };

  it('still verifies, and says how much was deleted', async () => {
    const { app, events, prune } = await aPrunedAudit();
    const { checkedEvents } = await verify(app);
    const removed = await prune();
    expect(removed).toBeGreaterThan(events.length);
    expect(await verify(app)).toMatchObject({
      valid: true,
      removedByRetention: removed,
      // One event announced it.
      checkedEvents: checkedEvents - removed + 1,
    });
    expect(await prune()).toBe(0);
    app.clock.advance(2 * DAY_SECONDS);
    await writeAudit(app, manyAuditRecords(2));
    expect(await prune()).toBe(checkedEvents - removed + 1);
    const removedByRetention = checkedEvents + 1;
    expect(await verify(app)).toMatchObject({ valid: true, removedByRetention, checkedEvents: 3 });
  });

  it('does not verify when the tombstone is missing or changed, or more was deleted than it says', async () => {
    const { app, last, prune } = await aPrunedAudit();
    await prune();
    const [tombstone] = await tamper(app.database, 'SELECT * FROM audit_tombstones');
    expect(tombstone).toMatchObject({ through_sequence: last });
    for (const column of Object.keys(tombstone!)) {
      const kept = tombstone![column] as string | number;
      const wrong = typeof kept === 'number' || /^\d+$/.test(kept) ? Number(kept) + 1 : 'B'.repeat(43);
      await tamper(app.database, `UPDATE audit_tombstones SET ${column} = ?`, wrong);
      expect({ column, fault: await firstBad(app) }).toMatchObject({ column, fault: { kind: 'seal' } });
      await tamper(app.database, `UPDATE audit_tombstones SET ${column} = ?`, kept);
    }
    expect(await firstBad(app)).toBeNull();
    await tamper(app.database, 'DELETE FROM audit_tombstones');
    expect(await firstBad(app)).toMatchObject({ kind: 'missing', segment: 1 });
  });

  it('is not shortened while the oldest segments do not match their seals', async () => {
    const { app, events, prune } = await aPrunedAudit();
    await tamper(app.database, 'UPDATE audit_events SET message = ? WHERE id = ?', 'Nothing.', events[0]!.id);
    await expect(prune()).rejects.toThrow(events[0]!.id);
    expect(await firstBad(app)).toMatchObject({ kind: 'changed', eventId: events[0]!.id });
    expect((await app.auditEvents('service.moved')) satisfies readonly AuditEvent[]).toHaveLength(events.length);
  });
});

describe('a chain and its secrets', () => {
  const [OLD, NEW] = ['an old secret that is long enough, yes', 'a new secret that is long enough, yes'];

  it('survives a rotation, and cannot be verified with another secret', async () => {
    const old = await startTestApp({ config: { sessionSecrets: [OLD] } });
    await writeAudit(old, manyAuditRecords(600));
    await sealAudit(old);
    await old.stop();
    const both = await startTestApp({ beside: old, config: { sessionSecrets: [NEW, OLD] } });
    expect(await verify(both)).toMatchObject({ valid: true });
    await sealAudit(both);
    await both.stop();
    const renewed = await startTestApp({ beside: old, config: { sessionSecrets: [NEW] } });
    expect(await verify(renewed)).toMatchObject({ valid: true });
    await renewed.stop();
    const stranger = await startTestApp({ beside: old, config: { sessionSecrets: [OLD] } });
    expect(await firstBad(stranger)).toMatchObject({ kind: 'seal', segment: 1 });
  });
});
