import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';
import { TextPipe } from '../../core/i18n/texts';
import { Notify } from '../../core/notify/notify';
import { Session } from '../../core/session/session';
import { RegisterPasskey } from '../../shared/passkeys/register-passkey';

/** The only page for users who must register a passkey, until they have one. */
@Component({
  selector: 'ops-enrolment-page',
  templateUrl: './enrolment-page.html',
  styleUrl: './enrolment-page.scss',
  imports: [MatButton, MatIcon, RegisterPasskey, TextPipe],
})
export class EnrolmentPage {
  /** The page to return to; only a path of this console. */
  readonly returnTo = input<string>();
  readonly #notify = inject(Notify);
  readonly #router = inject(Router);
  protected readonly session = inject(Session);

  protected async goOn(): Promise<void> {
    await this.session.load();
    const target = this.returnTo() ?? '/';
    await this.#router.navigateByUrl(/^\/(?!\/)/.test(target) ? target : '/');
  }

  protected async signOut(): Promise<void> {
    try {
      await this.session.signOut();
      await this.#router.navigateByUrl('/login');
    } catch (error) {
      this.#notify.failed(error);
    }
  }
}
