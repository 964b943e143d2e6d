import { CommandType, type AgentCommand } from '../../contracts/index.js';
import { formatMessage, plainFields, type AgentLog } from '../base/agent-log.js';
import { guardedSignal } from '../base/guarded-signal.js';
import { messageOf } from '../base/thrown.js';
import type { ActionContext } from '../base/types.js';
import { timerMs } from '../base/waiting.js';
import type { CommandProgress } from '../progress/command-progress.js';
import type { HostedService } from '../services/hosted-service.js';
import { ActionError, failed, prepared, returned, type Outcome } from './command-outcome.js';

/** The agent gives up this long before the server does, so that its result still counts. */
const MARGIN_SECONDS = 2;

export interface Execution {
  readonly command: AgentCommand;
  /** Null when the command is for a service this agent does not have. */
  readonly service: HostedService | null;
  /** Aborted on cancellation and on timeout, with an error as the reason. */
  readonly cancellation: AbortController;
  readonly progress: CommandProgress;
  /** Masks the secrets of this command. */
  readonly log: AgentLog;
}

/**
 * Seconds a command may run; infinite without a limit from the server. Compares the server's timestamps only with each
 * other, because the agent's clock may differ.
 */
export const secondsToRun = ({ startedAt, expiresAt, timeoutSeconds }: Partial<AgentCommand>): number => {
  const span = (Date.parse(expiresAt ?? '') - Date.parse(startedAt ?? '')) / 1000;
  const untilExpiry = Number.isFinite(span) ? span - Math.min(MARGIN_SECONDS, span * 0.1) : Infinity;
  return Math.max(0, Math.min(untilExpiry, timeoutSeconds ?? Infinity));
};

/** Runs a command and returns its outcome, whatever its handler does; never rejects. */
export const execute = async (execution: Execution): Promise<Outcome> => {
  const { signal } = execution.cancellation;
  const startedAt = new Date().toISOString();
  // After an abort, the reason is more useful than whatever the handler throws.
  const outcome = await runInTime(execution).catch((error: unknown) => failed(signal.aborted ? signal.reason : error));
  return { ...outcome, result: { ...outcome.result, startedAt, finishedAt: new Date().toISOString() } };
};

/** Stops waiting for a handler that ignores its signal when the time is up. */
const runInTime = async (execution: Execution): Promise<Outcome> => {
  execution.cancellation.signal.throwIfAborted();
  const seconds = secondsToRun(execution.command);
  if (seconds === 0) throw new ActionError('ACTION_TIMEOUT', 'The command had timed out before it reached the agent.');
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const expire = (): void => {
      const error = new ActionError('ACTION_TIMEOUT', `The action took longer than ${Math.round(seconds)} seconds.`);
      execution.cancellation.abort(error);
      reject(error);
    };
    timer = setTimeout(expire, timerMs(seconds)).unref();
  });
  try {
    return await Promise.race([run(execution), timeout]);
  } finally {
    clearTimeout(timer);
  }
};

const run = async (execution: Execution): Promise<Outcome> => {
  const { command, service } = execution;
  const action = service?.findAction(command.actionName);
  if (!action) throw new ActionError('ACTION_NOT_FOUND', `The service has no action ${command.actionName}.`);
  const context = contextOf(execution);
  // A newer server may send other types.
  switch (command.type as string) {
    case CommandType.ACTION_EXECUTE:
      return returned(await action.handler(context));
    case CommandType.ACTION_PREPARE: {
      const outcome = prepared((await action.declaration.prepare?.(context)) ?? {});
      action.sealNamesOf(outcome.result.data?.inputSchema);
      return outcome;
    }
    default:
      throw new ActionError('COMMAND_TYPE_UNKNOWN', `This agent does not support commands of type ${command.type}.`);
  }
};

const contextOf = ({ command, cancellation, progress, log }: Execution): ActionContext => ({
  command,
  payload: command.payload,
  signal: guardedSignal(cancellation.signal, (error) => {
    log.error(`A listener on a handler's signal failed: ${messageOf(error)}`, { commandId: command.id }, error);
  }),
  log: (message, fields = {}) => {
    withoutFailing(log, () => {
      const plain = log.maskFields(plainFields(fields));
      const text = typeof message === 'string' ? message : messageOf(message);
      log.info(text, { commandId: command.id, ...plain });
      progress.addLine(log.mask(formatMessage(text, plain)));
    });
  },
  progress: (percent, message) => {
    withoutFailing(log, () => {
      const text = message === undefined || typeof message === 'string' ? message : messageOf(message);
      progress.report(percent, text === undefined ? undefined : log.mask(text));
    });
  },
});

/** Logging and progress must not fail the handler, even with values of the wrong type. */
const withoutFailing = (log: AgentLog, report: () => void): void => {
  try {
    report();
  } catch (error) {
    log.warn(`A handler's log line or progress cannot be sent: ${messageOf(error)}`);
  }
};
