import { DestroyRef, effect, inject, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatDialog, type MatDialogRef } from '@angular/material/dialog';
import { ActivatedRoute, Router, type RouterStateSnapshot } from '@angular/router';
import type { Page, RegistrationToken } from '#contracts';
import type { LiveResource } from '../../../core/live/live-resource';
import { Session } from '../../../core/session/session';
import { CreateTokenDialog, type CreateTokenData } from './create-token-dialog';

export interface CreateDialog {
  /** Opens the dialog through the URL. */
  request(): void;
  /** Whether the page may be left; asks when that would lose a token. */
  mayLeaveTo(next: RouterStateSnapshot): Promise<boolean>;
}

interface ResettableQuery {
  reset(): void;
}

/** The dialog that creates a token. `?create=1` opens it, with `agentCode` filled in, and Back closes it. */
export const createDialogOf = (tokens: LiveResource<Page<RegistrationToken>>, query: ResettableQuery): CreateDialog => {
  const router = inject(Router);
  const route = inject(ActivatedRoute);
  const dialogs = inject(MatDialog);
  const session = inject(Session);
  const params = toSignal(route.queryParamMap, { initialValue: route.snapshot.queryParamMap });
  const setParams = (queryParams: Record<string, string | null>): void => {
    void router.navigate([], { relativeTo: route, queryParams, queryParamsHandling: 'merge' });
  };
  let dialog: MatDialogRef<CreateTokenDialog> | null = null;

  const open = (agentCode: string): void => {
    // The new token is then on the first page, where its use is awaited.
    const data: CreateTokenData = { agentCode, tokens, onCreated: query.reset };
    const options = { disableClose: true, closeOnNavigation: false, width: '640px', maxWidth: '96vw' };
    const opened = dialogs.open(CreateTokenDialog, { data, ...options });
    dialog = opened;
    opened.afterClosed().subscribe(() => {
      if (dialog !== opened) return;
      dialog = null;
      setParams({ create: null, agentCode: null });
    });
  };

  effect(() => {
    const isWanted = params().get('create') === '1' && session.allows('operator');
    const agentCode = params().get('agentCode') ?? '';
    untracked(() => {
      if (isWanted && dialog === null) open(agentCode);
      if (!isWanted) dialog?.close();
    });
  });

  inject(DestroyRef).onDestroy(() => {
    const left = dialog;
    dialog = null;
    left?.close();
  });

  return {
    request: () => {
      setParams({ create: '1' });
    },
    mayLeaveTo: async ({ root }) => {
      const staysOpen = root.queryParamMap.get('create') === '1';
      return staysOpen || dialog === null || dialog.componentInstance.mayClose();
    },
  };
};
