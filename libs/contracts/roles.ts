import type { Role } from './enums.js';

/** From least to most: a role may do what every role before it may. */
export const ROLE_ORDER = ['viewer', 'operator', 'owner'] as const satisfies readonly Role[];

/** Whether `role` may do what `needed` may. */
export const roleAllows = (role: Role, needed: Role): boolean => ROLE_ORDER.indexOf(role) >= ROLE_ORDER.indexOf(needed);
