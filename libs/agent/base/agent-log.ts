import { REDACTED } from '../../contracts/index.js';
import { copyAsJson } from './json-copy.js';
import { Secrets } from './secrets.js';
import { messageOf, stackOf } from './thrown.js';
import type { LogEntry, LogFields, LogLevel, LogSink } from './types.js';

const TOKEN = /opstage_(reg|agent)_[\w-]+/g;

/** A message, followed by its fields as JSON if it has any. */
export const formatMessage = (message: string, fields: LogFields): string =>
  Object.keys(fields).length > 0 ? `${message} ${JSON.stringify(fields)}` : message;

/** One line per entry: time, level, message, fields as JSON; a stack follows on lines of its own. */
export const formatLogLine = ({ level, message, fields, stack }: LogEntry): string => {
  const line = `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${formatMessage(message, fields)}`;
  return stack === undefined ? line : `${line}\n${stack.replace(/^/gm, '    ')}`;
};

/** Writes entries to stderr: the default for `onLog`. */
export const logToStderr: LogSink = (entry) => {
  process.stderr.write(`[opstage-agent] ${formatLogLine(entry)}\n`);
};

/** Fields of any origin as a log line may hold them: plain values, anything deeper as JSON. Never throws. */
export const plainFields = (fields: unknown): LogFields => {
  const { value } = copyAsJson(fields, 'fields');
  if (typeof value !== 'object' || value === null) return value === undefined ? {} : { value };
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      typeof item === 'object' && item !== null ? JSON.stringify(item) : (item as LogFields[string]),
    ]),
  );
};

/** The agent's own log. It masks tokens in every message, field and stack; nothing it is given makes it throw. */
export class AgentLog {
  private readonly secrets = new Secrets();

  /** `outer` masks further secrets: those of one command. */
  constructor(
    private readonly sink: LogSink,
    private readonly outer: (text: string) => string = (text) => text,
  ) {}

  /** Masks `secret` in everything logged from now on. */
  hide(secret: string): void {
    this.secrets.add(secret);
  }

  /** This log, which also masks these secrets. */
  hiding(secrets: Secrets): AgentLog {
    return new AgentLog(this.sink, (text) => secrets.mask(this.mask(text)));
  }

  /** `text` with every token masked. */
  mask(text: string): string {
    return this.secrets.mask(this.outer(text.replace(TOKEN, `opstage_$1_${REDACTED}`)));
  }

  /** Fields with every token masked in their texts. */
  maskFields(fields: LogFields): LogFields {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? this.mask(value) : value]),
    );
  }

  info(message: string, fields: LogFields = {}): void {
    this.write('info', message, fields);
  }

  /** `thrown` is what the entry is about: its stack is logged too. */
  warn(message: string, fields: LogFields = {}, thrown?: unknown): void {
    this.write('warn', message, fields, thrown);
  }

  error(message: string, fields: LogFields = {}, thrown?: unknown): void {
    this.write('error', message, fields, thrown);
  }

  private write(level: LogLevel, message: unknown, fields: LogFields, thrown?: unknown): void {
    const stack = thrown === undefined ? undefined : stackOf(thrown);
    const text = typeof message === 'string' ? message : messageOf(message);
    const entry: LogEntry = {
      level,
      message: this.mask(text),
      fields: this.maskFields(plainFields(fields)),
      ...(stack !== undefined && { stack: this.mask(stack) }),
    };
    this.pass(entry);
  }

  /** A log function of the service that throws or rejects must not stop the agent or lose the entry. */
  private pass(entry: LogEntry): void {
    try {
      const returned = this.sink(entry);
      const isAsync = typeof returned === 'object' && returned !== null;
      if (isAsync)
        void settled(returned).catch(() => {
          writeInstead(entry);
        });
    } catch {
      writeInstead(entry);
    }
  }
}

/** A promise of our own for whatever a log function returns, which may only look like a promise. */
const settled = async (returned: unknown): Promise<void> => {
  await returned;
};

const writeInstead = (entry: LogEntry): void => {
  try {
    logToStderr(entry);
  } catch {
    // There is nowhere left to write to.
  }
};
