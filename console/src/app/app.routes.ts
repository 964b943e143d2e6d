import type { Routes } from '@angular/router';
import { enrolmentGuard, roleGuard, signedInGuard } from './core/session/session.guards';

export const routes: Routes = [
  {
    path: 'login',
    title: 'login.submit',
    loadChildren: () => import('./features/login/login.routes').then((m) => m.loginRoutes),
  },
  {
    path: 'enrolment',
    title: 'common.passkeys.register',
    canActivate: [enrolmentGuard],
    loadChildren: () => import('./features/enrolment/enrolment.routes').then((m) => m.enrolmentRoutes),
  },
  {
    path: '',
    canActivate: [signedInGuard],
    loadComponent: () => import('./core/shell/shell').then((m) => m.Shell),
    children: [
      {
        path: '',
        pathMatch: 'full',
        title: 'nav.overview',
        loadChildren: () => import('./features/dashboard/dashboard.routes').then((m) => m.dashboardRoutes),
      },
      {
        path: 'agents',
        title: 'nav.agents',
        loadChildren: () => import('./features/agents/agents.routes').then((m) => m.agentsRoutes),
      },
      {
        path: 'services',
        title: 'nav.services',
        loadChildren: () => import('./features/services/services.routes').then((m) => m.servicesRoutes),
      },
      {
        path: 'commands',
        title: 'nav.commands',
        loadChildren: () => import('./features/commands/commands.routes').then((m) => m.commandsRoutes),
      },
      {
        path: 'audit',
        title: 'nav.audit',
        loadChildren: () => import('./features/audit/audit.routes').then((m) => m.auditRoutes),
      },
      {
        path: 'registration-tokens',
        title: 'nav.registrationTokens',
        loadChildren: () => import('./features/registration/registration.routes').then((m) => m.registrationRoutes),
      },
      {
        path: 'users',
        title: 'nav.users',
        canActivate: [roleGuard('owner')],
        loadChildren: () => import('./features/users/users.routes').then((m) => m.usersRoutes),
      },
      {
        path: 'settings',
        title: 'nav.settings',
        loadChildren: () => import('./features/settings/settings.routes').then((m) => m.settingsRoutes),
      },
      {
        path: '**',
        title: 'common.notFound',
        loadComponent: () => import('./shared/states/not-found').then((m) => m.NotFound),
      },
    ],
  },
];
