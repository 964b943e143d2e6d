import { LeaseEntity } from './database/leases/lease.entity.js';
import { AgentEntity } from './modules/agents/agent.entity.js';
import { CapsuleServiceEntity } from './modules/agents/services/capsule-service.entity.js';
import { HealthReportEntity } from './modules/agents/services/health/health-report.entity.js';
import { ServiceActionEntity } from './modules/agents/services/service-action.entity.js';
import { ServiceConfigEntity } from './modules/agents/services/service-config.entity.js';
import { AgentTokenEntity } from './modules/agents/tokens/agent-token.entity.js';
import { AuditEventEntity } from './modules/audit/audit-event.entity.js';
import { AuditSealEntity, AuditTombstoneEntity } from './modules/audit/chain/chain.entities.js';
import { PasskeyChallengeEntity } from './modules/auth/passkeys/passkey-challenge.entity.js';
import { PasskeyEntity } from './modules/auth/passkeys/passkey.entity.js';
import { SessionEntity } from './modules/auth/sessions/session.entity.js';
import { SignInFailureEntity } from './modules/auth/throttle/sign-in-failure.entity.js';
import { UserEntity } from './modules/auth/users/user.entity.js';
import { CommandEntity } from './modules/commands/command.entity.js';
import { IdempotencyKeyEntity } from './modules/commands/create/idempotency-key.entity.js';
import { CommandProgressEntity } from './modules/commands/results/command-progress.entity.js';
import { CommandResultEntity } from './modules/commands/results/command-result.entity.js';
import { JobRunEntity } from './modules/maintenance/job-run.entity.js';
import { RegistrationTokenEntity } from './modules/registration/tokens/registration-token.entity.js';
import { SettingEntity } from './modules/settings/setting.entity.js';

/** The entities of all tables. */
export const entities = [
  UserEntity,
  SessionEntity,
  PasskeyEntity,
  PasskeyChallengeEntity,
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
