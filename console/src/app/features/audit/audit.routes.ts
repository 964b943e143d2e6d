import type { Routes } from '@angular/router';
import { AuditList } from './list/audit-list';

export const auditRoutes: Routes = [{ path: '', component: AuditList }];
