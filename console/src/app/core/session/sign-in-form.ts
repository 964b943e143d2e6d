import { Component, computed, ElementRef, inject, input, type OnInit, output, signal, viewChild } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import type { PasskeyCeremony } from '#contracts';
import { toApiError } from '../api/api-error';
import type { TextKey } from '../i18n/text-key';
import { TextPipe } from '../i18n/texts';
import { Authenticator, PasskeyError } from '../passkeys/authenticator';
import { Session } from './session';

/** The refusals that have a text of the console; others show the server's message. */
const TEXTS: Readonly<Record<string, TextKey>> = {
  UNAUTHORIZED: 'login.wrong',
  PASSKEYS_UNAVAILABLE: 'login.passkeysUnavailable',
  HTTPS_REQUIRED: 'login.httpsRequired',
};

interface Failure {
  /** The key of a text, or null. */
  readonly key: TextKey | null;
  readonly message: string;
}

/** Asks for user name, password and passkey: on the sign-in page and over a page whose session has ended. */
@Component({
  selector: 'ops-sign-in-form',
  templateUrl: './sign-in-form.html',
  styleUrl: './sign-in-form.scss',
  imports: [MatButton, MatFormFieldModule, MatIcon, MatInput, ReactiveFormsModule, TextPipe],
})
export class SignInForm implements OnInit {
  /** The initial user name. */
  readonly username = input('');
  readonly signedIn = output();
  readonly #session = inject(Session);
  readonly #authenticator = inject(Authenticator);
  protected readonly passkeyButton = viewChild<string, ElementRef<HTMLElement>>('passkey', { read: ElementRef });

  protected readonly form = new FormGroup({
    username: new FormControl('', { nonNullable: true, validators: [Validators.required] }),
    password: new FormControl('', { nonNullable: true, validators: [Validators.required] }),
  });
  protected readonly failure = signal<Failure | null>(null);
  protected readonly isBusy = signal(false);
  /** The passkey options, once the password was accepted. */
  protected readonly ceremony = signal<PasskeyCeremony | null>(null);
  protected readonly isSecondStep = computed(() => this.ceremony() !== null);

  ngOnInit(): void {
    this.form.controls.username.setValue(this.username());
  }

  protected async submit(): Promise<void> {
    this.form.markAllAsTouched();
    if (this.form.invalid || this.isBusy()) return;
    await this.#whileBusy(async () => {
      try {
        this.ceremony.set(await this.#session.signIn(this.form.getRawValue()));
      } catch (thrown) {
        this.#startOver(thrown, TEXTS);
      }
    });
    if (this.ceremony()) await this.usePasskey();
    else if (!this.failure()) this.signedIn.emit();
  }

  /** Asks the browser for the passkey. After a failure the user can try again. */
  protected async usePasskey(): Promise<void> {
    const ceremony = this.ceremony();
    if (!ceremony || this.isBusy()) return;
    const isDone = await this.#whileBusy(async () => {
      try {
        const response = await this.#authenticator.get(ceremony);
        await this.#session.signInWithPasskey({ ticket: ceremony.ticket, response });
        return true;
      } catch (thrown) {
        if (thrown instanceof PasskeyError) this.failure.set({ key: `common.passkeys.${thrown.reason}`, message: '' });
        else this.#startOver(thrown, { UNAUTHORIZED: 'login.passkeyRefused' });
        return false;
      }
    });
    if (isDone) this.signedIn.emit();
    else this.passkeyButton()?.nativeElement.focus();
  }

  protected back(): void {
    this.failure.set(null);
    this.#forget();
  }

  /** Back to the password: the ticket it gave is used up. */
  #startOver(thrown: unknown, texts: Readonly<Record<string, TextKey>>): void {
    const { code, message } = toApiError(thrown);
    this.failure.set({ key: texts[code] ?? null, message });
    this.#forget();
  }

  #forget(): void {
    this.ceremony.set(null);
    this.form.controls.password.reset();
  }

  async #whileBusy<T>(work: () => Promise<T>): Promise<T> {
    this.isBusy.set(true);
    this.failure.set(null);
    try {
      return await work();
    } finally {
      this.isBusy.set(false);
    }
  }
}
