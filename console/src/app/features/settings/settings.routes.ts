import type { Routes } from '@angular/router';
import { roleGuard } from '../../core/session/session.guards';
import { About } from './about/about';
import { Account } from './account/account';
import { Appearance } from './appearance/appearance';
import { Backup } from './backup/backup';
import { Diagnostics } from './diagnostics/diagnostics';
import { Maintenance } from './maintenance/maintenance';
import { Safety } from './safety/safety';
import { Settings } from './settings';

export const settingsRoutes: Routes = [
  {
    path: '',
    component: Settings,
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'account' },
      { path: 'account', component: Account },
      { path: 'appearance', component: Appearance },
      { path: 'maintenance', component: Maintenance },
      { path: 'diagnostics', component: Diagnostics, canActivate: [roleGuard('operator')] },
      { path: 'backup', component: Backup, canActivate: [roleGuard('owner')] },
      { path: 'safety', component: Safety, canActivate: [roleGuard('owner')] },
      { path: 'about', component: About },
    ],
  },
];
