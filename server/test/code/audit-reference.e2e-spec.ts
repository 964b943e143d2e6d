import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_ACTIONS, AuditTargetType, type AuditAction, type AuditActorType, type AuditEvent } from '#contracts';
import { outliveTheAudit, tourTheAudit } from '../support/audit-tour.js';
import { PUBLIC_URL } from '../support/passkeys.js';
import { startTestApp } from '../support/start-test-app.js';
import { testDatabaseKind } from '../support/test-database.js';

const PAGE = readFileSync(join(__dirname, '../../../docs/reference/audit-events.md'), 'utf8');

/** Actions that this server never records, each with the reason. */
const NEVER_WRITTEN: Readonly<Partial<Record<AuditAction, string>>> = {
  'backup.restored': 'the command line writes it, while no server runs',
  ...(testDatabaseKind() === 'postgres' && {
    'backup.sqlite.created': 'PostgreSQL has its own tools',
    'backup.scheduled.created': 'PostgreSQL has its own tools',
  }),
};

interface Entry {
  readonly action: string;
  readonly target: string;
  readonly when: string;
  readonly example: Readonly<Record<string, unknown>>;
}

/** The rows of the table under `## Actor <type>`. */
const entriesOf = (actorType: AuditActorType): readonly Entry[] => {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`Actor ${actorType}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => {
    const [, action = '', target = '', when = '', example = ''] = row.split('|').map((cell) => cell.trim());
    return {
      action: action.replaceAll('`', ''),
      target,
      when,
      example: JSON.parse(example.replaceAll('`', '')) as Entry['example'],
    };
  });
};

const ACTOR_TYPES = Object.keys(AUDIT_ACTIONS) as AuditActorType[];

describe('the reference of audit events', () => {
  it.each(ACTOR_TYPES)('lists every action of actor %s, in order, with target, reason and example', (actorType) => {
    const entries = entriesOf(actorType);
    expect(entries.map(({ action }) => action)).toEqual(AUDIT_ACTIONS[actorType]);
    for (const { target, when } of entries) {
      expect(Object.keys(AuditTargetType)).toContain(target);
      expect(when).not.toBe('');
    }
  });

  it('describes the action, actor, target and metadata of every event as the server writes it', async () => {
    const app = await startTestApp({
      config: {
        backupIntervalHours: 24,
        publicBaseUrl: PUBLIC_URL,
        trustProxy: ['loopback'],
        agentAllowedCidrs: ['127.0.0.0/8'],
      },
    });
    await tourTheAudit(app);
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    await app.api.post('/api/agents/register', {}, { headers }).expectError(403, 'ADDRESS_NOT_ALLOWED');
    const exported = async () =>
      (await app.signIn('owner')).get('/api/admin/audit-events/export').expectOk<AuditEvent[]>();
    const before = await exported();
    await outliveTheAudit(app);
    const events = [...before, ...(await exported())];
    for (const actorType of ACTOR_TYPES) {
      for (const { action, target, example } of entriesOf(actorType)) {
        const found = events.filter((event) => event.action === action && event.actorType === actorType);
        if (action in NEVER_WRITTEN) {
          expect(found).toEqual([]);
          continue;
        }
        const shapes = found.map(({ metadata }) => Object.keys(metadata));
        expect({ action, shapes }).toEqual({
          action,
          shapes: expect.arrayContaining([Object.keys(example)]) as unknown,
        });
        const kinds = new Set(found.map((event) => `${event.actorType} ${event.targetType}`));
        expect({ action, kinds: [...kinds] }).toEqual({ action, kinds: [`${actorType} ${target}`] });
      }
    }
    expect(JSON.stringify(events)).not.toContain('[REDACTED]');
  });
});
