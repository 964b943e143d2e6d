import type { Routes } from '@angular/router';
import { AgentDetail } from './detail/agent-detail';
import { AgentList } from './list/agent-list';

export const agentsRoutes: Routes = [
  { path: '', component: AgentList },
  { path: ':id', component: AgentDetail },
];
