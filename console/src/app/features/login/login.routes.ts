import type { Routes } from '@angular/router';
import { Login } from './login';

export const loginRoutes: Routes = [{ path: '', component: Login }];
