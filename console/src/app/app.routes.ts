import type { Routes } from '@angular/router';
import type { TextKey } from './core/i18n/text-key';
import { enrolmentGuard, roleGuard, signedInGuard } from './core/session/session.guards';

export const routes: Routes = [
  {
    path: 'login',
    title: 'login.submit' satisfies TextKey,
    loadChildren: () => import('./features/login/login.routes').then((m) => m.loginRoutes),
  },
  {
    path: 'enrolment',
    title: 'common.passkeys.register' satisfies TextKey,
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
        title: 'nav.overview' satisfies TextKey,
        loadChildren: () => import('./features/dashboard/dashboard.routes').then((m) => m.dashboardRoutes),
      },
      {
        path: 'agents',
        title: 'nav.agents' satisfies TextKey,
        loadChildren: () => import('./features/agents/agents.routes').then((m) => m.agentsRoutes),
      },
      {
        path: 'services',
        title: 'nav.services' satisfies TextKey,
        loadChildren: () => import('./features/services/services.routes').then((m) => m.servicesRoutes),
      },
      {
        path: 'commands',
        title: 'nav.commands' satisfies TextKey,
        loadChildren: () => import('./features/commands/commands.routes').then((m) => m.commandsRoutes),
      },
      {
        path: 'audit',
        title: 'nav.audit' satisfies TextKey,
        loadChildren: () => import('./features/audit/audit.routes').then((m) => m.auditRoutes),
      },
      {
        path: 'registration-tokens',
        title: 'nav.registrationTokens' satisfies TextKey,
        loadChildren: () => import('./features/registration/registration.routes').then((m) => m.registrationRoutes),
      },
      {
        path: 'users',
        title: 'nav.users' satisfies TextKey,
        canActivate: [roleGuard('owner')],
        loadChildren: () => import('./features/users/users.routes').then((m) => m.usersRoutes),
      },
      {
        path: 'settings',
        title: 'nav.settings' satisfies TextKey,
        loadChildren: () => import('./features/settings/settings.routes').then((m) => m.settingsRoutes),
      },
      {
        path: '**',
        title: 'common.notFound' satisfies TextKey,
        loadComponent: () => import('./shared/states/not-found').then((m) => m.NotFound),
      },
    ],
  },
];
