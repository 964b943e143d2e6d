import { Component, inject } from '@angular/core';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { TextPipe } from '../i18n/texts';
import { Refresh } from '../live/refresh';
import { BrowserPage } from '../recovery/browser-page';
import { Session } from '../session/session';
import { SignInForm } from '../session/sign-in-form';

/** Asks to sign in again over the open page, which keeps what was typed. */
@Component({
  selector: 'ops-sign-in-again',
  template: `
    <h2 mat-dialog-title>{{ 'login.again' | transloco }}</h2>
    <mat-dialog-content>
      <p>{{ 'login.againText' | transloco }}</p>
      <ops-sign-in-form [username]="username" (signedIn)="resume()" />
    </mat-dialog-content>
  `,
  imports: [MatDialogModule, SignInForm, TextPipe],
})
export class SignInAgain {
  readonly #dialog = inject(MatDialogRef);
  readonly #session = inject(Session);
  readonly #refresh = inject(Refresh);
  readonly #page = inject(BrowserPage);
  protected readonly username = this.#session.user()?.username ?? '';

  protected resume(): void {
    // Another user must not see this page: it stays covered until it is gone.
    if (this.#session.user()?.username !== this.username) {
      this.#page.open('/');
      return;
    }
    this.#dialog.close();
    this.#refresh.now();
  }
}
