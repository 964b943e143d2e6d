import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';
import { TextPipe } from '../../core/i18n/texts';
import { Session } from '../../core/session/session';
import { SignOut } from '../../core/session/sign-out';
import { RegisterPasskey } from '../../shared/passkeys/register-passkey';

/** The only page for users who must register a passkey, until they have one. */
@Component({
  selector: 'ops-enrolment-page',
  templateUrl: './enrolment-page.html',
  styleUrl: '../../shared/layout/entry-page.scss',
  styles: ':host { --entry-width: 440px; }',
  imports: [MatButton, MatIcon, RegisterPasskey, TextPipe],
})
export class EnrolmentPage {
  /** The page to return to; only a path of this console. */
  readonly returnTo = input<string>();
  readonly #router = inject(Router);
  protected readonly session = inject(Session);
  protected readonly signOut = inject(SignOut);

  protected async openPage(): Promise<void> {
    await this.session.load();
    const target = this.returnTo() ?? '/';
    await this.#router.navigateByUrl(/^\/(?!\/)/.test(target) ? target : '/');
  }
}
