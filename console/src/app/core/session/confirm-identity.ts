import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

/** Asks the user to prove again who they are, when the server wants that before a request. */
@Injectable({ providedIn: 'root' })
export class ConfirmIdentity {
  readonly #dialog = inject(MatDialog);
  #pending: Promise<boolean> | null = null;

  /** Whether they did; false when they cancelled. Requests that are refused together share one dialog. Never rejects. */
  ask(): Promise<boolean> {
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #ask(): Promise<boolean> {
    try {
      // Lazy, because it is rarely needed.
      const { ConfirmIdentityDialog } = await import('./confirm-identity-dialog');
      const closed = this.#dialog.open(ConfirmIdentityDialog, { width: '440px' }).afterClosed();
      return (await firstValueFrom(closed)) === true;
    } catch {
      // The chunk could not be loaded; the request keeps its refusal.
      return false;
    }
  }
}
