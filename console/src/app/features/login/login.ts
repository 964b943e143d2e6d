import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { Language, LANGUAGES } from '../../core/i18n/i18n';
import { TextPipe } from '../../core/i18n/texts';
import { SignInForm } from '../../core/session/sign-in-form';

@Component({
  selector: 'ops-login',
  templateUrl: './login.html',
  styleUrl: '../../shared/layout/entry-page.scss',
  imports: [MatButton, SignInForm, TextPipe],
})
export class Login {
  /** The page to return to; only a path of this console. */
  readonly returnTo = input<string>();
  readonly #router = inject(Router);
  protected readonly language = inject(Language);
  protected readonly languages = LANGUAGES;

  protected async openPage(): Promise<void> {
    const target = this.returnTo() ?? '/';
    await this.#router.navigateByUrl(/^\/(?!\/)/.test(target) ? target : '/');
  }
}
