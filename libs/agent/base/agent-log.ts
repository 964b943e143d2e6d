export const LogLevel = { info: 'info', warn: 'warn', error: 'error' } as const;
export type LogLevel = keyof typeof LogLevel;

export interface LogFields {
  readonly [name: string]: string | number | boolean | null | undefined;
}

export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

export type LogSink = (entry: LogEntry) => void;

const TOKEN = /opstage_(reg|agent)_[\w-]+/g;
const MASK = '[REDACTED]';

/** A message with its fields, if there are any, as JSON. */
export const formatMessage = (message: string, fields: LogFields): string =>
  Object.keys(fields).length > 0 ? `${message} ${JSON.stringify(fields)}` : message;

/** One line per entry: time, level, message, fields as JSON. */
export const formatLogLine = ({ level, message, fields }: LogEntry): string =>
  `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${formatMessage(message, fields)}`;

/** Writes entries to stderr; what the agent does unless it is given an `onLog`. */
export const logToStderr: LogSink = (entry) => {
  process.stderr.write(`[opstage-agent] ${formatLogLine(entry)}\n`);
};

/** The agent's own log. Tokens never pass it, whatever message or field they hide in. */
export class AgentLog {
  readonly #secrets = new Set<string>();

  constructor(private readonly sink: LogSink) {}

  /** Keeps `secret` out of everything that is logged from now on. */
  hide(secret: string): void {
    // As it travels: HTTP drops the white space around it.
    const sent = secret.trim();
    if (sent !== '') this.#secrets.add(sent);
  }

  /** `text` without any token. */
  mask(text: string): string {
    let masked = text.replace(TOKEN, `opstage_$1_${MASK}`);
    for (const secret of this.#secrets) masked = masked.replaceAll(secret, MASK);
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
      // The service's own log function failed: that must stop neither the agent nor the line.
      logToStderr(entry);
    }
  }
}
