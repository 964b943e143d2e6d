import type { AuditEvent } from '#contracts';

const PAGES: Partial<Readonly<Record<AuditEvent['targetType'], string>>> = {
  Agent: '/agents',
  CapsuleService: '/services',
  Command: '/commands',
};

/** The page of the event's target; null when it has none. */
export const targetPage = ({ targetType, targetId }: AuditEvent): readonly string[] | null => {
  const page = PAGES[targetType];
  return page === undefined || targetId === null ? null : [page, targetId];
};

/** The page of the actor; null when it has none. */
export const actorPage = ({ actorType, actorId }: AuditEvent): readonly string[] | null =>
  actorType === 'AGENT' && actorId !== null ? ['/agents', actorId] : null;
