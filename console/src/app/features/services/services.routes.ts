import type { Routes } from '@angular/router';

export const servicesRoutes: Routes = [
  { path: ':id/actions/:name', loadChildren: () => import('../actions/actions.routes').then((m) => m.actionsRoutes) },
];
