import { Component, computed, inject, Injectable, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { firstValueFrom } from 'rxjs';
import { TextPipe } from '../../core/i18n/texts';

/** A question. Its texts are translated already: they name the thing and say what will happen. */
export interface ConfirmRequest {
  readonly title: string;
  readonly text: string;
  readonly act: string;
  /** A note by the service, shown as a quotation. */
  readonly note?: string;
  /** Must be typed to confirm an act that cannot be undone. */
  readonly typed?: string;
  readonly isDangerous?: boolean;
}

@Component({
  selector: 'ops-confirm-dialog',
  templateUrl: './confirm-dialog.html',
  styleUrl: './confirm-dialog.scss',
  imports: [MatButton, MatDialogModule, MatFormField, MatInput, MatLabel, TextPipe],
})
export class ConfirmDialog {
  protected readonly request = inject<ConfirmRequest>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<ConfirmDialog, boolean>>(MatDialogRef);
  protected readonly typed = signal('');
  protected readonly isReady = computed(() => !this.request.typed || this.typed() === this.request.typed);
}

/** Asks for confirmation in a dialog. */
@Injectable({ providedIn: 'root' })
export class Confirm {
  readonly #dialogs = inject(MatDialog);

  /** Whether the user agreed. */
  async ask(request: ConfirmRequest): Promise<boolean> {
    const options = { data: request, maxWidth: 'min(480px, 96vw)', restoreFocus: true };
    const dialog = this.#dialogs.open<ConfirmDialog, ConfirmRequest, boolean>(ConfirmDialog, options);
    return (await firstValueFrom(dialog.afterClosed())) ?? false;
  }
}
