import type { CapsuleService } from '#contracts';

/** `agent`, or `label:` and the key of a label. */
export type Grouping = string;

export const BY_AGENT: Grouping = 'agent';
const LABEL = 'label:';

export interface WallGroup {
  /** The agent's id or the label's value; null for services without the label. */
  readonly key: string | null;
  readonly name: string | null;
  /** The `label` filter that lists the same services; null when there is none. */
  readonly label: string | null;
  readonly services: readonly CapsuleService[];
}

/** Grouping by the label of that key. */
export const byLabel = (key: string): Grouping => LABEL + key;

/** The keys of all labels, most used first. */
export const labelKeys = (services: readonly CapsuleService[]): readonly string[] => {
  const uses = new Map<string, number>();
  for (const key of services.flatMap(({ labels }) => Object.keys(labels))) uses.set(key, (uses.get(key) ?? 0) + 1);
  return [...uses].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([key]) => key);
};

/** The label's key; null when services are grouped by agent. */
const labelKeyOf = (grouping: Grouping): string | null =>
  grouping.startsWith(LABEL) ? grouping.slice(LABEL.length) : null;

const placeOf = (service: CapsuleService, grouping: Grouping): readonly [string | null, string | null] => {
  const labelKey = labelKeyOf(grouping);
  if (labelKey === null) return [service.agentId, service.agentName];
  const value = service.labels[labelKey] ?? null;
  return [value, value];
};

/** The services in groups sorted by name, ungrouped ones last. */
export const groupServices = (services: readonly CapsuleService[], grouping: Grouping): readonly WallGroup[] => {
  const groups = new Map<string | null, { name: string | null; services: CapsuleService[] }>();
  for (const service of services) {
    const [key, name] = placeOf(service, grouping);
    const group = groups.get(key) ?? { name, services: [] };
    group.services.push(service);
    groups.set(key, group);
  }
  const labelKey = labelKeyOf(grouping);
  const labelOf = (value: string | null): string | null =>
    labelKey === null || value === null ? null : `${labelKey}:${value}`;
  return [...groups]
    .map(([key, group]) => ({ key, label: labelOf(key), ...group }))
    .sort((a, b) => Number(a.key === null) - Number(b.key === null) || (a.name ?? '').localeCompare(b.name ?? ''));
};
