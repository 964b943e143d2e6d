import type { Routes } from '@angular/router';
import { CommandDetail } from './detail/command-detail';
import { CommandList } from './list/command-list';

export const commandsRoutes: Routes = [
  { path: '', component: CommandList },
  { path: 'insights', loadComponent: () => import('./insights/insights').then((m) => m.Insights) },
  { path: ':id', component: CommandDetail },
];
