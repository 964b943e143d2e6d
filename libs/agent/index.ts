export { LogLevel, formatLogLine, logToStderr, type LogEntry, type LogFields, type LogSink } from './agent-log.js';
export { CapsuleAgent } from './capsule-agent.js';
export {
  MemoryCommandJournal,
  type CommandJournal,
  type JournalContent,
  type JournalEntry,
} from './command-journal.js';
export { AgentAuthError, AgentError, NetworkError, RefusedError, RegistrationError } from './errors.js';
export { FileCommandJournal } from './file-command-journal.js';
export { FileTokenStore, MemoryTokenStore, type StoredCredential, type TokenStore } from './token-store.js';
export type * from './types.js';
