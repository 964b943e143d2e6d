import { setTimeout as delay } from 'node:timers/promises';
import type { AgentCommand, JsonObject } from '#contracts';
import type { ApiAnswer } from './api-client.js';
import type { TestAgent } from './test-agent.js';

/** What the agent does for an action. */
export interface PublicHandler {
  /** How long its work takes. */
  readonly takesSeconds?: number;
  /** After this long the SDK gives up by its own clock, whatever the server says. */
  readonly timeoutSeconds?: number;
  run?(command: AgentCommand): unknown;
}

/** Waits this many seconds, or moves the clock of a test. */
export type Sleep = (seconds: number) => Promise<unknown>;

/**
 * Behaves like the public Node SDK for Opstage CE, whose agents are in use: it polls every five seconds without waiting,
 * runs the commands of a poll one after the other, times handlers out by its own clock and then reports a failure, keeps no
 * record of what it holds, does not repeat a result, and drops the rest of a poll at any answer that is not 2xx.
 */
export class PublicSdkAgent {
  /** What ended a poll before all of its commands were reported. */
  readonly failures: Error[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly agent: TestAgent,
    private readonly handlers: Readonly<Record<string, PublicHandler>>,
    private readonly sleep: Sleep = (seconds) => delay(seconds * 1_000),
  ) {}

  /** Polls at this interval until {@link stop}, also while an earlier poll's commands still run. */
  start(intervalMs = 5_000): void {
    this.#timer = setInterval(() => void this.poll(), intervalMs);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Takes what is pending and runs it; a failure is kept in {@link failures}. */
  async poll(): Promise<void> {
    try {
      const commands = succeeded(await this.agent.request('GET', '/commands')).data<readonly AgentCommand[]>();
      for (const command of commands) await this.#execute(command);
    } catch (error) {
      this.failures.push(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** A report that is refused counts as a failed action, which is reported in its place. */
  async #execute(command: AgentCommand): Promise<void> {
    const startedAt = new Date().toISOString();
    try {
      const data = await this.#run(command);
      await this.#report(command, { success: true, data, startedAt });
    } catch (error) {
      const message = error instanceof Error ? error.message : 'Action failed';
      await this.#report(command, { success: false, message, error: { code: 'ACTION_FAILED', message }, startedAt });
    }
  }

  async #run(command: AgentCommand): Promise<unknown> {
    const handler = this.handlers[command.actionName];
    if (!handler) throw new Error(`No handler registered for action ${command.actionName}`);
    const { takesSeconds = 0, timeoutSeconds = Infinity } = handler;
    await this.sleep(Math.min(takesSeconds, timeoutSeconds));
    if (takesSeconds >= timeoutSeconds) throw new Error('Action timed out');
    return (await handler.run?.(command)) ?? {};
  }

  async #report({ id }: AgentCommand, result: Readonly<Record<string, unknown>>): Promise<void> {
    const body = { ...result, finishedAt: new Date().toISOString() } as unknown as JsonObject;
    succeeded(await this.agent.request('POST', `/commands/${id}/result`, { body }));
  }
}

const succeeded = (answer: ApiAnswer): ApiAnswer => {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Error(`${answer.request} was answered with ${answer.status}.`);
};
