import type { Installation } from './installation.js';
import type { VisitOptions } from './stage.js';

/** A page that every check of every page goes through. */
export interface PageUnderTest {
  readonly name: string;
  readonly path: (installation: Installation) => Promise<string> | string;
  /** Who sees it; the owner when left out. */
  readonly as?: VisitOptions['as'];
  /** What is on it as soon as it is whole, where that comes after the first answers. */
  readonly whole?: string;
}

const ofService =
  (rest = '') =>
  async (installation: Installation): Promise<string> =>
    `/services/${(await installation.demoService()).id}${rest}`;

const ofAgent =
  (rest = '') =>
  async (installation: Installation): Promise<string> =>
    `/agents/${(await installation.demoAgent()).id}${rest}`;

const AGENT_TABS = ['commands', 'audit'];
const SERVICE_TABS = ['actions', 'health', 'configs', 'manifest', 'commands', 'audit'];
const SETTINGS_TABS = ['account', 'appearance', 'maintenance', 'diagnostics', 'backup', 'safety', 'about'];

/** A new page is added here, and is then looked at in both themes, languages and widths, by axe and by the counter of requests. */
export const PAGES: readonly PageUnderTest[] = [
  { name: 'login', path: () => '/login', as: null },
  { name: 'overview', path: () => '/' },
  { name: 'agents', path: () => '/agents' },
  { name: 'agent', path: ofAgent() },
  ...AGENT_TABS.map((tab) => ({ name: `agent-${tab}`, path: ofAgent(`?tab=${tab}`) })),
  { name: 'services', path: () => '/services' },
  { name: 'service-overview', path: ofService() },
  ...SERVICE_TABS.map((tab) => ({ name: `service-${tab}`, path: ofService(`?tab=${tab}`) })),
  { name: 'run-action', path: ofService('/actions/echo'), whole: 'form [type=submit]' },
  { name: 'commands', path: () => '/commands' },
  {
    name: 'insights',
    path: async (installation) => `/commands/insights?after=${(await installation.echoed()).id}`,
    whole: 'ops-chart canvas >> nth=1',
  },
  { name: 'command', path: async (installation) => `/commands/${(await installation.echoed()).id}` },
  { name: 'audit', path: () => '/audit' },
  { name: 'registration-tokens', path: () => '/registration-tokens' },
  { name: 'users', path: () => '/users' },
  ...SETTINGS_TABS.map((tab) => ({ name: `settings-${tab}`, path: () => `/settings/${tab}` })),
  { name: 'not-found', path: () => '/nowhere' },
];
