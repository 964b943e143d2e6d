import type { ServiceAction } from '#contracts';

/** What stands between an operator and a run: nothing, a question, or the code of the service to type. */
export type Ask = 'nothing' | 'confirm' | 'typed';

export type Danger = Pick<ServiceAction, 'dangerLevel' | 'requiresConfirmation'>;

/** How to ask before an action runs; `isAskedFor` when whatever leads to it wants a question anyway. */
export const askFor = ({ dangerLevel, requiresConfirmation }: Danger, isAskedFor = false): Ask => {
  if (dangerLevel === 'HIGH') return 'typed';
  return dangerLevel === 'MEDIUM' || requiresConfirmation || isAskedFor ? 'confirm' : 'nothing';
};
