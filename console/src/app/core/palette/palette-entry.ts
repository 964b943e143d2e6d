import type { AgentSummary, CapsuleService, Command, ServiceAction } from '#contracts';
import type { IconName } from '../icons/icons';
import type { NavItem } from '../shell/nav';

/** The headings entries stand under, in the order of the list. */
export const PALETTE_GROUPS = ['pages', 'services', 'run', 'agents', 'commands', 'actions'] as const;
export type PaletteGroup = (typeof PALETTE_GROUPS)[number];

/** A service whose actions can be listed. */
export interface ActionTarget {
  readonly id: string;
  readonly name: string;
}

/** What choosing an entry does: it leads to a page, or to the actions of a service. */
export type PaletteChoice = { readonly url: string } | { readonly actionsOf: ActionTarget };

/** A line of the palette. Names come from agents too: they are only ever drawn as text. */
export interface PaletteEntry {
  /** Tells it from every other entry. */
  readonly key: string;
  readonly group: PaletteGroup;
  readonly icon: IconName;
  readonly label: string;
  /** What else it is known by. */
  readonly hint: string;
  readonly choice: PaletteChoice;
}

/** Whether what can be read of an entry contains the text, in whatever case. */
export const matches = ({ label, hint, key }: PaletteEntry, text: string): boolean =>
  [label, hint, key].some((part) => part.toLowerCase().includes(text.toLowerCase()));

/** A page, by the text it has in the menu. */
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

/** Leads to the second step: which action of this service. */
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
