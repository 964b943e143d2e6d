import { REDACTED, type ReportedConfigItem } from '../../contracts/index.js';
import type { AgentLog } from '../base/agent-log.js';
import { copyAsJson, describeChanges } from '../base/json-copy.js';
import { messageOf } from '../base/thrown.js';
import { TimedCall } from '../base/timed-call.js';
import type { ConfigSource } from '../base/types.js';

export interface ConfigReaderOptions {
  /** Code of the service, for the log. */
  readonly code: string;
  readonly limitSeconds: number;
  readonly log: AgentLog;
}

/** Reads the config items of a service, and logs what is wrong with them when that changes. */
export class ConfigReader {
  private readonly call: TimedCall<unknown>;
  private known: readonly ReportedConfigItem[] | undefined;
  private problem = '';

  constructor(
    source: ConfigSource,
    private readonly options: ConfigReaderOptions,
  ) {
    const read = (signal: AbortSignal): unknown => (typeof source === 'function' ? source({ signal }) : source);
    this.call = new TimedCall(read, options.limitSeconds, 'The config function', (trouble) => {
      options.log.error(trouble, { service: options.code });
    });
  }

  /** The current items that can be sent; if none can be read, the last known ones, or undefined without any. Never rejects. */
  async read(): Promise<readonly ReportedConfigItem[] | undefined> {
    try {
      const { value, changes } = copyAsJson(await this.call.result(), 'configs');
      if (!Array.isArray(value)) throw new TypeError('The configs must be a list.');
      const items = value.filter(isItem);
      const leftOut = value.length - items.length;
      const problems = leftOut > 0 ? `${leftOut} of the items have no key or no type` : '';
      this.known = items.map(withoutSecret);
      this.report(
        [describeChanges(changes), problems].filter((problem) => problem !== '').join('; '),
        'are incomplete',
      );
    } catch (error) {
      this.report(messageOf(error), 'cannot be read');
    }
    return this.known;
  }

  private report(problem: string, consequence: string): void {
    const { code, log } = this.options;
    if (problem !== '' && problem !== this.problem) log.error(`The configs of ${code} ${consequence}: ${problem}`);
    this.problem = problem;
  }
}

const isItem = (value: unknown): value is ReportedConfigItem =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, 'key') === 'string' && 'type' in value;

/** For a sensitive item, only whether it has a value leaves the process. */
const withoutSecret = (item: ReportedConfigItem): ReportedConfigItem => {
  if (item.sensitive !== true) return item;
  const isSet = item.valuePreview !== undefined && item.valuePreview !== null;
  return { ...item, valuePreview: isSet ? REDACTED : undefined, defaultValue: undefined };
};
