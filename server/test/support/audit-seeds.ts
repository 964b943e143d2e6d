import { Database } from '../../src/database/database.js';
import type { AuditRecord } from '../../src/modules/audit/audit-record.js';
import { AuditService } from '../../src/modules/audit/audit.service.js';
import { AuditChainService } from '../../src/modules/audit/chain/audit-chain.service.js';
import type { TestApp } from './start-test-app.js';

/** Something an agent did, told apart from what the test's own calls leave in the audit by its action. */
export const anAuditRecord = (overrides: Partial<AuditRecord> = {}): AuditRecord => ({
  actor: {
    kind: 'agent',
    id: 'agt_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    code: 'seeded',
    status: 'ONLINE',
    tokenHash: '',
    origin: { ipAddress: '10.0.0.1', userAgent: 'seeds' },
  },
  action: 'service.moved',
  target: { type: 'CapsuleService', id: 'svc_01ARZ3NDEKTSV4RRFFQ69G5FAV' },
  message: 'A seeded event.',
  ...overrides,
});

/** Writes the records in one transaction, in their order. */
export const writeAudit = async (app: TestApp, records: readonly AuditRecord[]): Promise<void> => {
  const audit = app.nest.get(AuditService, { strict: false });
  await app.nest.get(Database).transaction(async (tx) => {
    for (const record of records) await audit.record(tx, record);
  });
};

/** Seals what the server would seal within a second or so. */
export const sealAudit = (app: TestApp): Promise<number> =>
  app.nest.get(AuditChainService, { strict: false }).sealNew();

export const manyAuditRecords = (count: number, overrides: Partial<AuditRecord> = {}): AuditRecord[] =>
  Array.from({ length: count }, (_, number) => anAuditRecord({ metadata: { number }, ...overrides }));
