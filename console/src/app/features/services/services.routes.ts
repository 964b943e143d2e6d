import type { Routes } from '@angular/router';

export const servicesRoutes: Routes = [];
