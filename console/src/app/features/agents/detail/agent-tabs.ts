/** The parts of an agent's page, by the name they have in the URL. */
export const AGENT_TABS = ['services', 'commands', 'audit'] as const;
export type AgentTab = (typeof AGENT_TABS)[number];

/** The tab of that name; the services for none or another. */
export const tabNamed = (name: string | undefined): AgentTab => AGENT_TABS.find((tab) => tab === name) ?? 'services';
