import type { AuditEvent, Json, JsonObject } from '#contracts';

/** A text or number of an event's metadata. */
export const textOf = ({ metadata }: AuditEvent, ...keys: readonly string[]): string | null => {
  for (const key of keys) {
    const value: Json | undefined = metadata[key];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
  }
  return null;
};

/** An object of an event's metadata. */
export const objectOf = ({ metadata }: AuditEvent, key: string): JsonObject => {
  const value: Json | undefined = metadata[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
};

/** Not every event has its target's name in the metadata; the server's message always names it. */
const IN_MESSAGE = {
  service: /\b[Ss]ervice ([a-z0-9][a-z0-9_-]*)/,
  username: /\buser ([A-Za-z0-9._@-]+?)(?: was |\.$)/,
  command: /^Command (\S+) expired\./,
} as const;

const fromMessage = ({ message }: AuditEvent, kind: keyof typeof IN_MESSAGE): string | null =>
  IN_MESSAGE[kind].exec(message)?.[1] ?? null;

const isOn = (event: AuditEvent, type: AuditEvent['targetType']): boolean => event.targetType === type;

export const agentNameOf = (event: AuditEvent): string | null =>
  textOf(event, 'agentCode') ??
  (isOn(event, 'Agent') ? textOf(event, 'code') : null) ??
  (event.actorType === 'AGENT' ? event.actorName : null);

export const serviceNameOf = (event: AuditEvent): string | null =>
  textOf(event, 'serviceCode') ??
  (isOn(event, 'CapsuleService') ? textOf(event, 'code') : null) ??
  fromMessage(event, 'service');

export const usernameOf = (event: AuditEvent): string | null =>
  textOf(event, 'username') ?? fromMessage(event, 'username');

export const actionNameOf = (event: AuditEvent): string | null =>
  textOf(event, 'actionName') ?? fromMessage(event, 'command');

export const tokenNameOf = (event: AuditEvent): string | null => textOf(event, 'name') ?? event.targetId;

/** The target's name if the event has one, else its id; null when there is no target. */
export const targetNameOf = (event: AuditEvent): string | null => {
  switch (event.targetType) {
    case 'Agent':
      return agentNameOf(event) ?? event.targetId;
    case 'CapsuleService':
      return serviceNameOf(event) ?? event.targetId;
    case 'Command':
      return actionNameOf(event) ?? event.targetId;
    case 'RegistrationToken':
      return tokenNameOf(event);
    case 'User':
      return usernameOf(event) ?? (event.actorId === event.targetId ? event.actorName : event.targetId);
    default:
      return event.targetId;
  }
};
