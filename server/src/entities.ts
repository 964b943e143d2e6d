import { AgentTokenEntity } from './modules/agents/agent-token.entity.js';
import { AgentEntity } from './modules/agents/agent.entity.js';
import { AuditEventEntity } from './modules/audit/audit-event.entity.js';
import { AuditSealEntity } from './modules/audit/chain/audit-seal.entity.js';
import { AuditTombstoneEntity } from './modules/audit/chain/audit-tombstone.entity.js';
import { SessionEntity } from './modules/auth/session.entity.js';
import { CommandProgressEntity } from './modules/commands/command-progress.entity.js';
import { CommandResultEntity } from './modules/commands/command-result.entity.js';
import { CommandEntity } from './modules/commands/command.entity.js';
import { IdempotencyKeyEntity } from './modules/commands/idempotency-key.entity.js';
import { JobRunEntity } from './modules/maintenance/job-run.entity.js';
import { LeaseEntity } from './modules/maintenance/lease.entity.js';
import { RegistrationTokenEntity } from './modules/registration/registration-token.entity.js';
import { CapsuleServiceEntity } from './modules/services/capsule-service.entity.js';
import { HealthReportEntity } from './modules/services/health-report.entity.js';
import { ServiceActionEntity } from './modules/services/service-action.entity.js';
import { ServiceConfigEntity } from './modules/services/service-config.entity.js';
import { SettingEntity } from './modules/settings/setting.entity.js';
import { SignInFailureEntity } from './modules/users/sign-in-failure.entity.js';
import { UserEntity } from './modules/users/user.entity.js';

/** Every table there is. */
export const entities = [
  UserEntity,
  SessionEntity,
  SignInFailureEntity,
  AgentEntity,
  AgentTokenEntity,
  RegistrationTokenEntity,
  CapsuleServiceEntity,
  HealthReportEntity,
  ServiceConfigEntity,
  ServiceActionEntity,
  CommandEntity,
  CommandResultEntity,
  CommandProgressEntity,
  IdempotencyKeyEntity,
  AuditEventEntity,
  AuditSealEntity,
  AuditTombstoneEntity,
  SettingEntity,
  LeaseEntity,
  JobRunEntity,
];
