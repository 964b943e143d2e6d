import { Component, inject } from '@angular/core';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { Refresh } from '../live/refresh';
import { BrowserPage } from '../recovery/browser-page';
import { Session } from '../session/session';
import { SignInForm } from '../session/sign-in-form';

/** Over the page whose session has ended: what was typed on it stays. */
@Component({
  selector: 'ops-sign-in-again',
  template: `
    <h2 mat-dialog-title>{{ 'login.again' | transloco }}</h2>
    <mat-dialog-content>
      <p>{{ 'login.againText' | transloco }}</p>
      <ops-sign-in-form [username]="username" (signedIn)="goOn()" />
    </mat-dialog-content>
  `,
  imports: [MatDialogModule, SignInForm, TranslocoPipe],
})
export class SignInAgain {
  readonly #dialog = inject(MatDialogRef);
  readonly #session = inject(Session);
  readonly #refresh = inject(Refresh);
  readonly #page = inject(BrowserPage);
  protected readonly username = this.#session.user()?.username ?? '';

  protected goOn(): void {
    // Another user must not see what this page was for: it stays covered until it is gone.
    if (this.#session.user()?.username !== this.username) {
      this.#page.open('/');
      return;
    }
    this.#dialog.close();
    this.#refresh.now();
  }
}
