import type { Routes } from '@angular/router';
import { UserList } from './list/user-list';

export const usersRoutes: Routes = [{ path: '', component: UserList }];
