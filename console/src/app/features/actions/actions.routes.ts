import type { Routes } from '@angular/router';

export const actionsRoutes: Routes = [];
