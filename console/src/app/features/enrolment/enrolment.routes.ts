import type { Routes } from '@angular/router';
import { EnrolmentPage } from './enrolment-page';

export const enrolmentRoutes: Routes = [{ path: '', component: EnrolmentPage }];
