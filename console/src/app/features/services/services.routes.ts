import type { Routes } from '@angular/router';
import { ServiceDetail } from './detail/service-detail';
import { ServiceList } from './list/service-list';

export const servicesRoutes: Routes = [
  { path: '', component: ServiceList },
  { path: ':id', component: ServiceDetail },
  {
    path: ':id/actions/:name',
    loadChildren: () => import('../actions/actions.routes').then((m) => m.actionsRoutes),
  },
];
