import type { Routes } from '@angular/router';

export const registrationRoutes: Routes = [];
