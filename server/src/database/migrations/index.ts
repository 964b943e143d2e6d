import {
  AddAgentTokenRetirement1790006000000,
  AddAuditSeals1790000500000,
  AddCommandProgress1790000300000,
  AddHealthSince1790000100000,
  AddIdempotencyKeys1790000310000,
  AddJobRuns1790002000000,
  AddLeases1790000320000,
  AddPasskeys1790005000000,
  AddSignInLimits1790004000000,
  CreateSchema1790000000000,
  IndexCommandsByStatusAndTime1790000325000,
} from './1790000000000-create-schema.js';

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
  AddPasskeys1790005000000,
  AddAgentTokenRetirement1790006000000,
];
