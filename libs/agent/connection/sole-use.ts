import type { AgentLog } from '../base/agent-log.js';
import { sleep } from '../base/waiting.js';
import { ProcessLock } from './process-lock.js';

const RETRY_SECONDS = 2;

export interface SoleUseOptions {
  /** Null when the agent has no files to share. */
  readonly lockFile: string | null;
  readonly agentCode: string;
  readonly log: AgentLog;
  /** Called when another process took the files over. */
  readonly onLost: () => void;
}

/** Lets one process at a time use the token file and the journal of an agent; a second one waits, and says so. */
export class SoleUse {
  private readonly lock: ProcessLock | null;
  private reported = '';

  constructor(private readonly options: SoleUseOptions) {
    const { lockFile, agentCode, log, onLost } = options;
    const lost = (): void => {
      log.error('Another process has taken over the token file of this agent. This agent stops.');
      onLost();
    };
    this.lock = lockFile === null ? null : new ProcessLock(lockFile, agentCode, lost);
  }

  /** Whether this process may use the files now. Never rejects. */
  async begin(): Promise<boolean> {
    const attempt = (await this.lock?.take()) ?? { kind: 'taken' };
    if (attempt.kind === 'held')
      this.report(
        `The token file is in use by ${attempt.by}. This agent does nothing until that process ends; give it a token file and a code of its own to run both.`,
      );
    if (attempt.kind === 'impossible')
      this.report(`The token file cannot be locked (${attempt.reason}): do not start a second process with it.`);
    return attempt.kind !== 'held';
  }

  /** Resolves when this process may use the files, or when `signal` aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    do await sleep(RETRY_SECONDS, signal);
    while (!signal.aborted && !(await this.begin()));
  }

  /** Lets the next process use them. Never rejects. */
  async end(): Promise<void> {
    await this.lock?.release();
  }

  private report(problem: string): void {
    if (problem !== this.reported) this.options.log.error(problem, { lockFile: this.options.lockFile });
    this.reported = problem;
  }
}
