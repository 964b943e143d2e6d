// The types of the contract that appear in the declarations below.
export type {
  AgentCommand,
  AgentDescription,
  CommandResultRequest,
  DangerLevel,
  DetailResult,
  Health,
  HealthStatus,
  Instant,
  Json,
  JsonObject,
  ListColumn,
  ListResult,
  Manifest,
  ReportedAction,
  ReportedConfigItem,
  ReportedService,
  RowAction,
  ValueFormat,
} from '../contracts/index.js';
export { formatLogLine, logToStderr } from './base/agent-log.js';
export { AgentAuthError, AgentError, NetworkError, RefusedError, RegistrationError } from './base/errors.js';
export { LogLevel } from './base/types.js';
export type * from './base/types.js';
export { CapsuleAgent } from './capsule-agent.js';
export { MemoryCommandJournal } from './commands/command-journal.js';
export { FileCommandJournal } from './commands/file-command-journal.js';
export { FileTokenStore, MemoryTokenStore } from './connection/token-store.js';
