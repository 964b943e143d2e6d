import type { CapsuleService } from '#contracts';

/** `agent`, or `label:` and the key of a label. */
export type Grouping = string;

export const BY_AGENT: Grouping = 'agent';
const LABEL = 'label:';

export interface WallGroup {
  /** The agent's id or the label's value; null for services without the label. */
  readonly key: string | null;
  readonly name: string | null;
  readonly services: readonly CapsuleService[];
}

/** Grouping by the label of that key. */
export const byLabel = (key: string): Grouping => LABEL + key;

/** Keys of the labels there are, the most used first. */
export const labelKeys = (services: readonly CapsuleService[]): readonly string[] => {
  const uses = new Map<string, number>();
  for (const key of services.flatMap(({ labels }) => Object.keys(labels))) uses.set(key, (uses.get(key) ?? 0) + 1);
  return [...uses].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([key]) => key);
};

const placeOf = (service: CapsuleService, grouping: Grouping): readonly [string | null, string | null] => {
  if (!grouping.startsWith(LABEL)) return [service.agentId, service.agentName];
  const value = service.labels[grouping.slice(LABEL.length)] ?? null;
  return [value, value];
};

/** The services in groups by name, those of no group last; in a group they keep their order. */
export const groupServices = (services: readonly CapsuleService[], grouping: Grouping): readonly WallGroup[] => {
  const groups = new Map<string | null, { name: string | null; services: CapsuleService[] }>();
  for (const service of services) {
    const [key, name] = placeOf(service, grouping);
    const group = groups.get(key) ?? { name, services: [] };
    group.services.push(service);
    groups.set(key, group);
  }
  return [...groups]
    .map(([key, group]) => ({ key, ...group }))
    .sort((a, b) => Number(a.key === null) - Number(b.key === null) || (a.name ?? '').localeCompare(b.name ?? ''));
};
