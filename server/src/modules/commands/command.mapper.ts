import type { AgentCommand, Command, CommandDetail, JsonObject } from '#contracts';
import { toInstant, toInstantOrNull } from '../../common/clock.js';
import type { CommandEntity } from './command.entity.js';
import { type CommandProgressEntity, toCommandProgress } from './results/command-progress.entity.js';
import { type CommandResultEntity, toCommandResult } from './results/command-result.entity.js';

/** A command with everything that belongs to it. */
export interface CommandWithResult {
  readonly command: CommandEntity;
  readonly result: CommandResultEntity | null;
  readonly progress: CommandProgressEntity | null;
}

/** The command as users see it; it must have been read with the names of its service and agent. */
export const toCommand = (command: CommandEntity): Command => ({
  id: command.id,
  type: command.type,
  status: command.status,
  serviceId: command.serviceId,
  serviceCode: serviceOf(command).code,
  serviceName: serviceOf(command).name,
  agentId: command.agentId,
  agentName: agentOf(command).name,
  actionName: command.actionName,
  actionLabel: command.action?.label ?? null,
  payload: command.payload,
  createdByUserId: command.createdByUserId,
  createdByUsername: command.createdByUsername,
  retryOfCommandId: command.retryOfCommandId,
  createdAt: toInstant(command.createdAt),
  startedAt: toInstantOrNull(command.startedAt),
  completedAt: toInstantOrNull(command.completedAt),
  expiresAt: toInstant(command.expiresAt),
  durationMs:
    command.startedAt && command.completedAt ? command.completedAt.getTime() - command.startedAt.getTime() : null,
  errorCode: command.errorCode,
  errorMessage: command.errorMessage,
});

/** {@link toCommand} with the result and the progress. */
export const toCommandDetail = ({ command, result, progress }: CommandWithResult): CommandDetail => ({
  ...toCommand(command),
  result: result && toCommandResult(result),
  progress: progress && toCommandProgress(progress),
});

/** A command that was claimed: `payload` in the clear, and its new clock. */
export interface Claim {
  readonly command: CommandEntity;
  readonly payload: JsonObject;
  readonly startedAt: Date;
  readonly expiresAt: Date;
}

/** The command as its agent gets it. */
export const toAgentCommand = ({ command, payload, startedAt, expiresAt }: Claim): AgentCommand => ({
  id: command.id,
  type: command.type,
  status: 'RUNNING',
  agentId: command.agentId,
  serviceId: command.serviceId,
  serviceCode: serviceOf(command).code,
  actionName: command.actionName,
  payload,
  createdAt: toInstant(command.createdAt),
  startedAt: toInstant(startedAt),
  expiresAt: toInstant(expiresAt),
  timeoutSeconds: command.timeoutSeconds,
});

const serviceOf = (command: CommandEntity): { readonly code: string; readonly name: string } => {
  if (!command.service) throw new Error(`Command ${command.id} was read without its service.`);
  return command.service;
};

const agentOf = (command: CommandEntity): { readonly name: string } => {
  if (!command.agent) throw new Error(`Command ${command.id} was read without its agent.`);
  return command.agent;
};
