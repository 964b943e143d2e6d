import { REDACTED } from '../../contracts/index.js';
import type { LogEntry, LogFields, LogLevel, LogSink } from './types.js';

const TOKEN = /opstage_(reg|agent)_[\w-]+/g;

/** A message, followed by its fields as JSON if it has any. */
export const formatMessage = (message: string, fields: LogFields): string =>
  Object.keys(fields).length > 0 ? `${message} ${JSON.stringify(fields)}` : message;

/** One line per entry: time, level, message, fields as JSON. */
export const formatLogLine = ({ level, message, fields }: LogEntry): string =>
  `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${formatMessage(message, fields)}`;

/** Writes entries to stderr: the default for `onLog`. */
export const logToStderr: LogSink = (entry) => {
  process.stderr.write(`[opstage-agent] ${formatLogLine(entry)}\n`);
};

/** The agent's own log. It masks tokens in every message and field. */
export class AgentLog {
  readonly #secrets = new Set<string>();

  constructor(private readonly sink: LogSink) {}

  /** Masks `secret` in everything logged from now on. */
  hide(secret: string): void {
    // HTTP trims header values, so the trimmed form is the one that can show up in errors.
    const sent = secret.trim();
    if (sent !== '') this.#secrets.add(sent);
  }

  /** `text` with every token masked. */
  mask(text: string): string {
    let masked = text.replace(TOKEN, `opstage_$1_${REDACTED}`);
    for (const secret of this.#secrets) masked = masked.replaceAll(secret, REDACTED);
    return masked;
  }

  info(message: string, fields: LogFields = {}): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.write('warn', message, fields);
  }

  error(message: string, fields: LogFields = {}): void {
    this.write('error', message, fields);
  }

  private write(level: LogLevel, message: string, fields: LogFields): void {
    const masked = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? this.mask(value) : value,
    ]);
    const entry: LogEntry = { level, message: this.mask(message), fields: Object.fromEntries(masked) as LogFields };
    try {
      this.sink(entry);
    } catch {
      // A log function of the service that throws must not stop the agent or lose the entry.
      logToStderr(entry);
    }
  }
}
