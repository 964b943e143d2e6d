import { Component, inject, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Role } from '#contracts';
import { toApiError } from '../../../core/api/api-error';
import { Notify } from '../../../core/notify/notify';
import { FormError } from '../../../shared/forms/form-error';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { SettingsApi } from '../settings-api';

/** Who must have a passkey. */
@Component({
  selector: 'ops-sign-in-settings',
  templateUrl: './sign-in.html',
  styleUrl: '../section.scss',
  imports: [FailedState, FormError, MatButton, MatCheckbox, Skeleton, TranslocoPipe],
})
export class SignIn {
  readonly #api = inject(SettingsApi);
  readonly #notify = inject(Notify);
  readonly #transloco = inject(TranslocoService);
  protected readonly roles = Object.values(Role);
  protected readonly settings = this.#api.signIn();
  /** As read, and as ticked since. */
  protected readonly chosen = linkedSignal<readonly Role[]>(() => this.settings.value()?.passkeyRequiredRoles ?? []);
  protected readonly failure = signal<string | null>(null);
  protected readonly isBusy = signal(false);

  protected choose(role: Role, isChosen: boolean): void {
    this.chosen.update((roles) => (isChosen ? [...roles, role] : roles.filter((other) => other !== role)));
  }

  protected async save(): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    this.failure.set(null);
    try {
      const { passkeyRequiredRoles } = await this.#api.updateSignIn({ passkeyRequiredRoles: this.chosen() });
      this.chosen.set(passkeyRequiredRoles);
      this.#notify.done('settings.signIn.saved');
    } catch (thrown) {
      const { code, message } = toApiError(thrown);
      this.failure.set(code === 'PASSKEY_REQUIRED' ? this.#transloco.translate('settings.signIn.ownFirst') : message);
    } finally {
      this.isBusy.set(false);
    }
  }
}
