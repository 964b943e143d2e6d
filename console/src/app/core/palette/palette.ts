import { inject, Injectable } from '@angular/core';
import { MatDialog, type MatDialogRef } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { Notify } from '../notify/notify';

const TYPING = 'input, textarea, select, [contenteditable]';
const PALETTE_ID = 'palette';
const HELP_ID = 'shortcuts-help';

/** Opens the palette and the shortcuts help, which are loaded on first use. */
@Injectable({ providedIn: 'root' })
export class Palette {
  readonly #dialogs = inject(MatDialog);
  readonly #router = inject(Router);
  readonly #notify = inject(Notify);
  #isLoading = false;

  /** Ctrl-K or ⌘-K opens and closes the palette; `?` opens the help, unless something is being typed. */
  onKey(event: KeyboardEvent): void {
    // A browser that fills in a password sends one without a key.
    const key = event.key as string | undefined;
    const isK = key?.toLowerCase() === 'k' && !event.altKey && !event.shiftKey;
    if (isK && event.ctrlKey !== event.metaKey) {
      event.preventDefault();
      const open = this.#dialogs.getDialogById(PALETTE_ID);
      if (open) open.close();
      else void this.open();
    } else if (key === '?' && !(event.target as HTMLElement).closest(TYPING)) {
      void this.help();
    }
  }

  /** Lets the user choose a page and opens it. */
  async open(): Promise<void> {
    const dialog = await this.#openAlone(async () => {
      const { PaletteDialog } = await import('./palette-dialog');
      return this.#dialogs.open<unknown, unknown, string>(PaletteDialog, {
        id: PALETTE_ID,
        position: { top: 'min(12vh, 96px)' },
        width: '640px',
        maxWidth: 'calc(100vw - 24px)',
        enterAnimationDuration: 0,
        exitAnimationDuration: 0,
      });
    });
    // Only after it has closed: it restores the focus, which the new page then takes.
    const url = dialog && (await firstValueFrom(dialog.afterClosed()));
    if (url) await this.#router.navigateByUrl(url);
  }

  /** Shows the keyboard shortcuts. */
  async help(): Promise<void> {
    await this.#openAlone(async () => {
      const { ShortcutsHelp } = await import('./shortcuts-help');
      return this.#dialogs.open(ShortcutsHelp, { id: HELP_ID, maxWidth: '480px' });
    });
  }

  /** Never over another dialog, which waits for an answer. */
  async #openAlone<T, R>(open: () => Promise<MatDialogRef<T, R>>): Promise<MatDialogRef<T, R> | null> {
    if (this.#isLoading || this.#dialogs.openDialogs.length > 0) return null;
    this.#isLoading = true;
    try {
      return await open();
    } catch (error) {
      this.#notify.failed(error);
      return null;
    } finally {
      this.#isLoading = false;
    }
  }
}
