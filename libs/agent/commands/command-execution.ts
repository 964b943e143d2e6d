import { CommandType, type AgentCommand, type CommandResultRequest } from '#contracts';
import { formatMessage, type AgentLog } from '../base/agent-log.js';
import { ActionError, failed, prepared, succeeded } from './command-outcome.js';
import type { CommandProgress } from '../progress/command-progress.js';
import { messageOf } from '../base/errors.js';
import type { HostedService } from '../services/hosted-service.js';
import type { ActionContext } from '../base/types.js';

/** How long before the server gives a command up the agent does, so that the agent's answer still counts. */
const MARGIN_SECONDS = 2;
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface Execution {
  readonly command: AgentCommand;
  /** Null when the command is for a service this agent does not have. */
  readonly service: HostedService | null;
  /** Aborted by whoever cancels the command, with the reason as an error; and when its time is up. */
  readonly cancellation: AbortController;
  readonly progress: CommandProgress;
  readonly log: AgentLog;
}

/**
 * Seconds a command may run; infinite when the server names no end. The server's instants are only compared with each
 * other: its clock and the agent's may differ.
 */
export const secondsToRun = ({ startedAt, expiresAt, timeoutSeconds }: Partial<AgentCommand>): number => {
  const span = (Date.parse(expiresAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
  const untilExpiry = Number.isFinite(span) ? span - Math.min(MARGIN_SECONDS, span * 0.1) : Infinity;
  return Math.max(0, Math.min(untilExpiry, timeoutSeconds ?? Infinity));
};

/** Carries a command out and answers with its result; never rejects. */
export const execute = async (execution: Execution): Promise<CommandResultRequest> => {
  const { signal } = execution.cancellation;
  const startedAt = new Date().toISOString();
  // Once aborted, whatever a handler throws is a consequence: the reason says more.
  const result = await runInTime(execution).catch((error: unknown) => failed(signal.aborted ? signal.reason : error));
  return { ...result, startedAt, finishedAt: new Date().toISOString() };
};

/** A handler that does not heed its signal is not waited for once its time is up. */
const runInTime = async (execution: Execution): Promise<CommandResultRequest> => {
  execution.cancellation.signal.throwIfAborted();
  const seconds = secondsToRun(execution.command);
  if (seconds === 0) throw new ActionError('ACTION_TIMEOUT', 'The time of this command was over before it arrived.');
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const expire = (): void => {
      const error = new ActionError('ACTION_TIMEOUT', `The action took longer than ${Math.round(seconds)} seconds.`);
      execution.cancellation.abort(error);
      reject(error);
    };
    timer = setTimeout(expire, Math.min(seconds * 1000, MAX_TIMER_MS)).unref();
  });
  try {
    return await Promise.race([run(execution), timeout]);
  } finally {
    clearTimeout(timer);
  }
};

const run = async (execution: Execution): Promise<CommandResultRequest> => {
  const { command, service } = execution;
  const action = service?.findAction(command.actionName);
  if (!action) throw new ActionError('ACTION_NOT_FOUND', `The service has no action ${command.actionName}.`);
  const context = contextOf(execution);
  // A server may know more types than these.
  switch (command.type as string) {
    case CommandType.ACTION_EXECUTE:
      return succeeded(await action.handler(context));
    case CommandType.ACTION_PREPARE:
      return prepared((await action.declaration.prepare?.(context)) ?? {});
    default:
      throw new ActionError('COMMAND_TYPE_UNKNOWN', `This agent knows no commands of type ${command.type}.`);
  }
};

const contextOf = ({ command, cancellation, progress, log }: Execution): ActionContext => ({
  command,
  payload: command.payload,
  signal: cancellation.signal,
  log: (message, fields = {}) => {
    harmlessly(log, () => {
      log.info(message, { commandId: command.id, ...fields });
      progress.addLine(log.mask(formatMessage(message, fields)));
    });
  },
  progress: (percent, message) => {
    harmlessly(log, () => {
      progress.report(percent, message === undefined ? undefined : log.mask(message));
    });
  },
});

/** What a handler only says, of whatever type it turns out to be, must not make it fail. */
const harmlessly = (log: AgentLog, say: () => void): void => {
  try {
    say();
  } catch (error) {
    log.warn(`What a handler said cannot be passed on: ${messageOf(error)}`);
  }
};
