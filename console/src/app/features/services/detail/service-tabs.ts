import type { TextKey } from '../../../core/i18n/text-key';

/** The tabs of a service's page, by their name in the URL. */
export const SERVICE_TABS = ['overview', 'actions', 'health', 'configs', 'manifest', 'commands', 'audit'] as const;
export type ServiceTab = (typeof SERVICE_TABS)[number];

export const SERVICE_TAB_NAMES: Readonly<Record<ServiceTab, TextKey>> = {
  overview: 'services.tabs.overview',
  actions: 'services.tabs.actions',
  health: 'services.tabs.health',
  configs: 'services.tabs.configs',
  manifest: 'services.tabs.manifest',
  commands: 'services.tabs.commands',
  audit: 'services.tabs.audit',
};

/** The tab of that name, else the overview. */
export const tabNamed = (name: string | undefined): ServiceTab =>
  SERVICE_TABS.find((tab) => tab === name) ?? 'overview';

/** Whether the tab follows a list of its own; the service is then paused: one live resource a page. */
export const hasOwnList = (tab: ServiceTab): boolean => tab === 'commands' || tab === 'audit';
