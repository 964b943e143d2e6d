import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import type { User } from '#contracts';
import { TextPipe } from '../../core/i18n/texts';
import { SessionList } from '../../shared/sessions/session-list';

/** The sessions of a user. */
@Component({
  selector: 'ops-sessions-dialog',
  template: `
    <h2 mat-dialog-title>{{ 'users.sessions.title' | transloco: { name: user.username } }}</h2>
    <mat-dialog-content><ops-session-list [user]="user.id" /></mat-dialog-content>
    <mat-dialog-actions align="end">
      <button mat-button type="button" mat-dialog-close>{{ 'common.close' | transloco }}</button>
    </mat-dialog-actions>
  `,
  imports: [MatButton, MatDialogModule, SessionList, TextPipe],
})
export class SessionsDialog {
  protected readonly user = inject<User>(MAT_DIALOG_DATA);
}
