import type { Role } from './enums.js';

/** In ascending order: each role includes the permissions of those before it. */
export const ROLE_ORDER = ['viewer', 'operator', 'owner'] as const satisfies readonly Role[];

/** Whether `role` includes the permissions of `needed`. */
export const roleAllows = (role: Role, needed: Role): boolean => ROLE_ORDER.indexOf(role) >= ROLE_ORDER.indexOf(needed);
