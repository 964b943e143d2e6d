import type { AgentLog } from '../base/agent-log.js';
import type { AnswerWarning } from './wire-client.js';

const REMEMBERED_CALLS = 200;
const SHOWN = 10;

/** Logs what the server says is wrong with calls that it accepted: once, and again when it changes. */
export class AnswerWarnings {
  /** The last warnings by call, oldest call first. */
  private readonly last = new Map<string, string>();

  constructor(private readonly log: AgentLog) {}

  /** `call` names the call, for example `report`; no warnings end the earlier ones. */
  note(call: string, warnings: readonly AnswerWarning[]): void {
    const text = warnings
      .slice(0, SHOWN)
      .map(({ path, message }) => `${path}: ${message}`)
      .join('; ');
    const before = this.last.get(call) ?? '';
    this.last.delete(call);
    if (text === '') return;
    this.last.set(call, text);
    for (const oldest of this.last.keys()) {
      if (this.last.size <= REMEMBERED_CALLS) break;
      this.last.delete(oldest);
    }
    const more = warnings.length > SHOWN ? ` (${warnings.length} in all)` : '';
    if (text !== before) this.log.warn(`The server did not take everything in the ${call}: ${text}${more}`);
  }
}
