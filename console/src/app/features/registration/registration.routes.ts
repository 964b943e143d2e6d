import type { CanDeactivateFn, Routes } from '@angular/router';
import { TokenList } from './list/token-list';

/** Back and leaving the page close the dialog with a token; both ask first, as its button does. */
const mayLeaveToken: CanDeactivateFn<TokenList> = (page, _route, _state, next) => page.createDialog.mayLeaveTo(next);

export const registrationRoutes: Routes = [
  {
    path: '',
    component: TokenList,
    canDeactivate: [mayLeaveToken],
    runGuardsAndResolvers: 'paramsOrQueryParamsChange',
  },
];
