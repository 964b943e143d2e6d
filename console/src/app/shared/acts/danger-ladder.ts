import type { ServiceAction } from '#contracts';

/** What is needed before a run: nothing, a confirmation, or typing the service's code. */
export type Ask = 'nothing' | 'confirm' | 'typed';

export type Danger = Pick<ServiceAction, 'dangerLevel' | 'requiresConfirmation'>;

/** The confirmation an action needs; `isAskedFor` demands at least a question. */
export const askFor = ({ dangerLevel, requiresConfirmation }: Danger, isAskedFor = false): Ask => {
  if (dangerLevel === 'HIGH') return 'typed';
  return dangerLevel === 'MEDIUM' || requiresConfirmation || isAskedFor ? 'confirm' : 'nothing';
};
