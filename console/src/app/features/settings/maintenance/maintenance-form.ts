import { Component, effect, inject, input, output, untracked } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import type { MaintenanceSettings } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Notify } from '../../../core/notify/notify';
import { dirtyValues } from '../../../shared/forms/dirty-values';
import { FieldError } from '../../../shared/forms/field-error';
import { FormError } from '../../../shared/forms/form-error';
import { NumberInput } from '../../../shared/forms/number-input';
import { Submission } from '../../../shared/forms/submission';
import { integer } from '../integer';
import { SettingsApi } from '../settings-api';

const DAY_SECONDS = 86_400;
const MAX_RETENTION_DAYS = 36_500;

const wholeNumber = (min: number, max: number): FormControl<number> =>
  new FormControl(0, {
    nonNullable: true,
    validators: [Validators.required, Validators.min(min), Validators.max(max), integer],
  });

/** Edits the maintenance settings, which take effect at once. */
@Component({
  selector: 'ops-maintenance-form',
  templateUrl: './maintenance-form.html',
  styleUrl: '../section.scss',
  imports: [FieldError, FormError, MatButton, MatFormFieldModule, MatInput, NumberInput, ReactiveFormsModule, TextPipe],
})
export class MaintenanceForm {
  readonly settings = input.required<MaintenanceSettings>();
  readonly saved = output<MaintenanceSettings>();
  readonly #api = inject(SettingsApi);
  readonly #notify = inject(Notify);

  protected readonly fields = [
    'agentOfflineThresholdSeconds',
    'auditRetentionDays',
    'commandRetentionDays',
    'healthRetentionDays',
    'maintenanceIntervalSeconds',
  ] as const;
  protected readonly form = new FormGroup({
    agentOfflineThresholdSeconds: wholeNumber(1, DAY_SECONDS),
    auditRetentionDays: wholeNumber(0, MAX_RETENTION_DAYS),
    commandRetentionDays: wholeNumber(0, MAX_RETENTION_DAYS),
    healthRetentionDays: wholeNumber(0, MAX_RETENTION_DAYS),
    maintenanceIntervalSeconds: wholeNumber(0, DAY_SECONDS),
  });
  protected readonly submission = new Submission(this.form);

  constructor() {
    effect(() => {
      const settings = this.settings();
      untracked(() => {
        this.form.reset({ ...settings });
      });
    });
  }

  protected submit(): Promise<void> {
    return this.submission.run(async () => {
      this.saved.emit(await this.#api.updateMaintenance(dirtyValues(this.form)));
      this.#notify.done('settings.maintenance.saved');
    });
  }
}
