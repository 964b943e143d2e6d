import type { TextKey } from '../../../core/i18n/text-key';

/** The tabs of an agent's page, by their name in the URL. */
export const AGENT_TABS = ['services', 'commands', 'audit'] as const;
export type AgentTab = (typeof AGENT_TABS)[number];

export const AGENT_TAB_NAMES: Readonly<Record<AgentTab, TextKey>> = {
  services: 'nav.services',
  commands: 'nav.commands',
  audit: 'nav.audit',
};

/** The tab of that name, else the services. */
export const tabNamed = (name: string | undefined): AgentTab => AGENT_TABS.find((tab) => tab === name) ?? 'services';
