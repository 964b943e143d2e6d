export { LogLevel, formatLogLine, logToStderr, type LogEntry, type LogFields, type LogSink } from './agent-log.js';
export { CapsuleAgent } from './capsule-agent.js';
export { AgentAuthError, AgentError, NetworkError, RefusedError, RegistrationError } from './errors.js';
export { FileTokenStore, MemoryTokenStore, type StoredCredential, type TokenStore } from './token-store.js';
export type * from './types.js';
