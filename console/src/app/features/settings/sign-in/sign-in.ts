import { Component, inject, linkedSignal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { Role } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Notify } from '../../../core/notify/notify';
import { FormError } from '../../../shared/forms/form-error';
import { Submission } from '../../../shared/forms/submission';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { SettingsApi } from '../settings-api';

/** Which roles must have a passkey. */
@Component({
  selector: 'ops-sign-in-settings',
  templateUrl: './sign-in.html',
  styleUrl: '../section.scss',
  imports: [FailedState, FormError, MatButton, MatCheckbox, Skeleton, TextPipe],
})
export class SignIn {
  readonly #api = inject(SettingsApi);
  readonly #notify = inject(Notify);
  protected readonly roles = Object.values(Role);
  protected readonly settings = this.#api.signIn();
  /** As loaded, with the user's changes. */
  protected readonly chosen = linkedSignal<readonly Role[]>(() => this.settings.value()?.passkeyRequiredRoles ?? []);
  protected readonly submission = new Submission(null, {
    textFor: ({ code }) => (code === 'PASSKEY_REQUIRED' ? 'settings.signIn.ownFirst' : null),
  });

  protected choose(role: Role, isChosen: boolean): void {
    this.chosen.update((roles) => (isChosen ? [...roles, role] : roles.filter((other) => other !== role)));
  }

  protected save(): Promise<void> {
    return this.submission.run(async () => {
      const { passkeyRequiredRoles } = await this.#api.updateSignIn({ passkeyRequiredRoles: this.chosen() });
      this.chosen.set(passkeyRequiredRoles);
      this.#notify.done('settings.signIn.saved');
    });
  }
}
