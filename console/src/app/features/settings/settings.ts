import { Component } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import type { Role } from '#contracts';
import type { KeyPart } from '../../core/i18n/text-key';
import { TextPipe } from '../../core/i18n/texts';
import { IfRole } from '../../core/session/if-role';
import { PageHeader } from '../../shared/layout/page-header';

interface Tab {
  readonly path: KeyPart<'settings.tabs.'>;
  readonly role: Role;
}

const TABS: readonly Tab[] = [
  { path: 'account', role: 'viewer' },
  { path: 'appearance', role: 'viewer' },
  { path: 'maintenance', role: 'viewer' },
  { path: 'sign-in', role: 'owner' },
  { path: 'diagnostics', role: 'operator' },
  { path: 'backup', role: 'owner' },
  { path: 'safety', role: 'owner' },
  { path: 'about', role: 'viewer' },
];

/** The settings, one route for each tab. */
@Component({
  selector: 'ops-settings',
  templateUrl: './settings.html',
  styleUrl: '../../shared/layout/tab-nav.scss',
  imports: [IfRole, PageHeader, RouterLink, RouterLinkActive, RouterOutlet, TextPipe],
})
export class Settings {
  protected readonly tabs = TABS;
}
