import type { Role } from '#contracts';
import type { TextKey } from '../i18n/text-key';
import type { IconName } from '../icons/icons';

export interface NavItem {
  readonly path: string;
  /** The key of its text. */
  readonly label: TextKey;
  readonly icon: IconName;
  /** The role that may see it. */
  readonly role: Role;
}

/** The pages of the menu, in order. */
export const NAV: readonly NavItem[] = [
  { path: '/', label: 'nav.overview', icon: 'dashboard', role: 'viewer' },
  { path: '/services', label: 'nav.services', icon: 'service', role: 'viewer' },
  { path: '/agents', label: 'nav.agents', icon: 'agent', role: 'viewer' },
  { path: '/commands', label: 'nav.commands', icon: 'command', role: 'viewer' },
  { path: '/audit', label: 'nav.audit', icon: 'audit', role: 'viewer' },
  { path: '/registration-tokens', label: 'nav.registrationTokens', icon: 'token', role: 'viewer' },
  { path: '/users', label: 'nav.users', icon: 'users', role: 'owner' },
  { path: '/settings', label: 'nav.settings', icon: 'settings', role: 'viewer' },
];
