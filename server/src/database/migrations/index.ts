import { CreateSchema1790000000000 } from './1790000000000-create-schema.js';
import { AddHealthSince1790000100000 } from './1790000100000-add-health-since.js';
import { AddCommandProgress1790000300000 } from './1790000300000-add-command-progress.js';
import { AddIdempotencyKeys1790000310000 } from './1790000310000-add-idempotency-keys.js';
import { AddLeases1790000320000 } from './1790000320000-add-leases.js';
import { IndexCommandsByStatusAndTime1790000325000 } from './1790000325000-index-commands-by-status-and-time.js';
import { AddAuditSeals1790000500000 } from './1790000500000-add-audit-seals.js';
import { AddJobRuns1790002000000 } from './1790002000000-add-job-runs.js';
import { AddSignInLimits1790004000000 } from './1790004000000-add-sign-in-limits.js';
import { AddAgentTokenRetirement1790006000000 } from './1790006000000-add-agent-token-retirement.js';

/** In the order they run. One that has been released is never edited. */
export const migrations = [
  CreateSchema1790000000000,
  AddHealthSince1790000100000,
  AddCommandProgress1790000300000,
  AddIdempotencyKeys1790000310000,
  AddLeases1790000320000,
  IndexCommandsByStatusAndTime1790000325000,
  AddAuditSeals1790000500000,
  AddJobRuns1790002000000,
  AddSignInLimits1790004000000,
  AddAgentTokenRetirement1790006000000,
];
