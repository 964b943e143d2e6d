import { parseArgs } from 'node:util';
import { agentRows, auditEventRow, commandRow, resultRow, serviceRows, type Fleet } from './rows.js';
import { openStore } from './store.js';

/**
 * Fills an empty store with the server's own schema and entities. Runs as a process of its own before the server first
 * starts: `--database FILE --services N --commands N --audit-events N`, with the server's `OPSTAGE_SESSION_SECRET`.
 */
const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    services: { type: 'string' },
    commands: { type: 'string' },
    'audit-events': { type: 'string' },
  },
});

const DAY_MS = 86_400_000;
/** Within every retention period. */
const PAST_DAYS = 60;

const file = values.database ?? '';
const now = Date.now();
/** The time of row `index` of `count`, oldest first. */
const timeOf = (index: number, count: number): number => now - PAST_DAYS * DAY_MS * (1 - index / count);

process.umask(0o077);
const store = await openStore(file);
const fleet: Fleet = { count: Number(values.services), startedAt: timeOf(0, 1), now };
await store.insert('AgentEntity', fleet.count, (index) => agentRows(fleet, index));
for (const [entity, rowOf] of Object.entries(serviceRows)) {
  await store.insert(entity, fleet.count, (index) => rowOf(fleet, index));
}
const commands = Number(values.commands);
await store.insert('CommandEntity', commands, (index) => commandRow(fleet, index, timeOf(index, commands)));
await store.insert('CommandResultEntity', commands, (index) => resultRow(index, timeOf(index, commands)));
const events = Number(values['audit-events']);
await store.insert('AuditEventEntity', events, (index) => auditEventRow(fleet, index, timeOf(index, events)));
await store.sealAudit(process.env.OPSTAGE_SESSION_SECRET ?? '');
await store.close();
