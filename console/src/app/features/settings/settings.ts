import { Component } from '@angular/core';
import { RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { Role } from '#contracts';
import { IfRole } from '../../core/session/if-role';
import { PageHeader } from '../../shared/layout/page-header';

interface Tab {
  readonly path: string;
  readonly role: Role;
}

const TABS: readonly Tab[] = [
  { path: 'account', role: 'viewer' },
  { path: 'appearance', role: 'viewer' },
  { path: 'maintenance', role: 'viewer' },
  { path: 'diagnostics', role: 'operator' },
  { path: 'backup', role: 'owner' },
  { path: 'safety', role: 'owner' },
  { path: 'about', role: 'viewer' },
];

/** The settings, a tab an address. */
@Component({
  selector: 'ops-settings',
  template: `
    <ops-page-header [title]="'nav.settings' | transloco" />
    <nav [attr.aria-label]="'nav.settings' | transloco">
      @for (tab of tabs; track tab.path) {
        <a *opsIfRole="tab.role" [routerLink]="tab.path" routerLinkActive="active" ariaCurrentWhenActive="page">
          {{ 'settings.tabs.' + tab.path | transloco }}
        </a>
      }
    </nav>
    <router-outlet />
  `,
  styleUrl: './settings.scss',
  imports: [IfRole, PageHeader, RouterLink, RouterLinkActive, RouterOutlet, TranslocoPipe],
})
export class Settings {
  protected readonly tabs = TABS;
}
