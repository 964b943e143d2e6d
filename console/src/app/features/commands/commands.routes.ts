import type { Routes } from '@angular/router';

export const commandsRoutes: Routes = [];
