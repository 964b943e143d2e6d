import type { AgentSummary, CapsuleService, Command, ServiceAction } from '#contracts';
import type { IconName } from '../icons/icons';
import type { NavItem } from '../shell/nav';

/** The headings of the list, in order. */
export const PALETTE_GROUPS = ['pages', 'services', 'run', 'agents', 'commands', 'actions'] as const;
export type PaletteGroup = (typeof PALETTE_GROUPS)[number];

/** A service whose actions can be listed. */
export interface ActionTarget {
  readonly id: string;
  readonly name: string;
}

/** What choosing an entry opens: a page, or the actions of a service. */
export type PaletteChoice = { readonly url: string } | { readonly actionsOf: ActionTarget };

/** A line of the palette. Names may come from agents, so they are only rendered as text. */
export interface PaletteEntry {
  /** Unique among the entries. */
  readonly key: string;
  readonly group: PaletteGroup;
  readonly icon: IconName;
  readonly label: string;
  /** Its code or id. */
  readonly hint: string;
  readonly choice: PaletteChoice;
}

/** Whether the visible text of an entry contains the search text, ignoring case. */
export const matches = ({ label, hint, key }: PaletteEntry, text: string): boolean =>
  [label, hint, key].some((part) => part.toLowerCase().includes(text.toLowerCase()));

/** The entry of a page, named as in the menu. */
export const pageEntry = ({ path, icon }: NavItem, label: string): PaletteEntry => ({
  key: path,
  group: 'pages',
  icon,
  label,
  hint: '',
  choice: { url: path },
});

export const agentEntry = ({ id, name, code }: AgentSummary): PaletteEntry => ({
  key: id,
  group: 'agents',
  icon: 'agent',
  label: name,
  hint: code,
  choice: { url: `/agents/${id}` },
});

export const serviceEntry = ({ id, name, code }: CapsuleService): PaletteEntry => ({
  key: id,
  group: 'services',
  icon: 'service',
  label: name,
  hint: code,
  choice: { url: `/services/${id}` },
});

/** The entry that leads to the second step: the actions of a service. */
export const runEntry = ({ id, name, code }: CapsuleService): PaletteEntry => ({
  key: `run ${id}`,
  group: 'run',
  icon: 'play',
  label: name,
  hint: code,
  choice: { actionsOf: { id, name } },
});

export const commandEntry = ({ id, actionLabel, actionName, serviceName }: Command): PaletteEntry => ({
  key: id,
  group: 'commands',
  icon: 'command',
  label: `${actionLabel ?? actionName} · ${serviceName}`,
  hint: id,
  choice: { url: `/commands/${id}` },
});

export const actionEntry = ({ name, label }: ServiceAction, { id }: ActionTarget): PaletteEntry => ({
  key: name,
  group: 'actions',
  icon: 'play',
  label,
  hint: name,
  choice: { url: `/services/${id}/actions/${encodeURIComponent(name)}` },
});
