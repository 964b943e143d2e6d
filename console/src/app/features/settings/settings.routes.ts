import type { Routes } from '@angular/router';
import type { TextKey } from '../../core/i18n/text-key';
import { roleGuard } from '../../core/session/session.guards';
import { About } from './about/about';
import { Account } from './account/account';
import { Appearance } from './appearance/appearance';
import { Backup } from './backup/backup';
import { Diagnostics } from './diagnostics/diagnostics';
import { Maintenance } from './maintenance/maintenance';
import { Safety } from './safety/safety';
import { Settings } from './settings';
import { SignIn } from './sign-in/sign-in';

export const settingsRoutes: Routes = [
  {
    path: '',
    component: Settings,
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'account' },
      { path: 'account', title: 'settings.tabs.account' satisfies TextKey, component: Account },
      { path: 'appearance', title: 'settings.tabs.appearance' satisfies TextKey, component: Appearance },
      { path: 'maintenance', title: 'settings.tabs.maintenance' satisfies TextKey, component: Maintenance },
      {
        path: 'sign-in',
        title: 'settings.tabs.sign-in' satisfies TextKey,
        component: SignIn,
        canActivate: [roleGuard('owner')],
      },
      {
        path: 'diagnostics',
        title: 'settings.tabs.diagnostics' satisfies TextKey,
        component: Diagnostics,
        canActivate: [roleGuard('operator')],
      },
      {
        path: 'backup',
        title: 'settings.tabs.backup' satisfies TextKey,
        component: Backup,
        canActivate: [roleGuard('owner')],
      },
      {
        path: 'safety',
        title: 'settings.tabs.safety' satisfies TextKey,
        component: Safety,
        canActivate: [roleGuard('owner')],
      },
      { path: 'about', title: 'settings.tabs.about' satisfies TextKey, component: About },
    ],
  },
];
