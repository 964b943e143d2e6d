import type { Routes } from '@angular/router';
import { AuditEventPage } from './event/audit-event-page';
import { AuditList } from './list/audit-list';

export const auditRoutes: Routes = [
  { path: '', component: AuditList },
  { path: ':id', component: AuditEventPage },
];
