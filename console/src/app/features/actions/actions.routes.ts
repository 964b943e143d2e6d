import type { Routes } from '@angular/router';
import { roleGuard } from '../../core/session/session.guards';
import { provideForm } from './form/provide-form';
import { RunAction } from './run/run-action';

export const actionsRoutes: Routes = [
  { path: '', component: RunAction, canActivate: [roleGuard('operator')], providers: [provideForm()] },
];
