/** The parts of a service's page, by the name they have in the URL. */
export const SERVICE_TABS = ['overview', 'actions', 'health', 'configs', 'manifest', 'commands', 'audit'] as const;
export type ServiceTab = (typeof SERVICE_TABS)[number];

/** The tab of that name; the overview for none or another. */
export const tabNamed = (name: string | undefined): ServiceTab =>
  SERVICE_TABS.find((tab) => tab === name) ?? 'overview';

/** Whether the tab follows a list of its own; the service itself then rests: one live reading a page. */
export const hasOwnList = (tab: ServiceTab): boolean => tab === 'commands' || tab === 'audit';
