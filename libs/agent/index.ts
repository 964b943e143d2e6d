export { LogLevel, formatLogLine, logToStderr, type LogEntry, type LogFields, type LogSink } from './base/agent-log.js';
export { CapsuleAgent } from './capsule-agent.js';
export {
  MemoryCommandJournal,
  type CommandJournal,
  type JournalContent,
  type JournalEntry,
} from './commands/command-journal.js';
export { AgentAuthError, AgentError, NetworkError, RefusedError, RegistrationError } from './base/errors.js';
export { FileCommandJournal } from './commands/file-command-journal.js';
export { FileTokenStore, MemoryTokenStore, type StoredCredential, type TokenStore } from './connection/token-store.js';
export type * from './base/types.js';
