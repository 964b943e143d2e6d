import type { AgentProcess } from '#contracts';
import type { AgentEntity } from '../agent.entity.js';

/** What a field was and is. */
interface ProcessChange {
  readonly from: string | null;
  readonly to: string;
}

const FIELDS = ['name', 'runtime', 'version', 'hostname', 'os', 'arch'] as const satisfies (keyof AgentProcess)[];

/** The fields that an agent now states differently, by name; those it leaves out stay as they were. */
export const processChanges = (known: AgentEntity, stated: AgentProcess): Readonly<Record<string, ProcessChange>> =>
  Object.fromEntries(
    FIELDS.flatMap((field) => {
      const to = stated[field];
      return to === undefined || to === known[field] ? [] : [[field, { from: known[field], to }] as const];
    }),
  );
