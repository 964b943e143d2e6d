import type { Routes } from '@angular/router';
import { TokenList } from './list/token-list';

export const registrationRoutes: Routes = [{ path: '', component: TokenList }];
