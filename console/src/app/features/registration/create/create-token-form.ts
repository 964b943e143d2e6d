import { Component, inject, input, type OnInit, output } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatSelectModule } from '@angular/material/select';
import { CODE_PATTERN, MAX_CODE_LENGTH, type CreatedRegistrationToken } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { FieldError } from '../../../shared/forms/field-error';
import { FormError } from '../../../shared/forms/form-error';
import { Submission } from '../../../shared/forms/submission';
import { RegistrationTokensApi } from '../registration-tokens-api';

const MAX_NAME_LENGTH = 200;
const NEVER = 0;
/** The key of the text, and the seconds; 0 is never. */
const EXPIRIES = [
  ['tenMinutes', 600],
  ['hour', 3_600],
  ['day', 86_400],
  ['week', 604_800],
  ['month', 2_592_000],
  ['never', NEVER],
] as const;

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The form of a new token: name, agent, expiry and allowed networks. */
@Component({
  selector: 'ops-create-token-form',
  templateUrl: './create-token-form.html',
  styleUrl: './create-token-form.scss',
  imports: [
    FieldError,
    FormError,
    MatButton,
    MatDialogModule,
    MatFormFieldModule,
    MatIcon,
    MatInput,
    MatSelectModule,
    ReactiveFormsModule,
    TextPipe,
  ],
})
export class CreateTokenForm implements OnInit {
  readonly agentCode = input('');
  readonly created = output<CreatedRegistrationToken>();
  readonly cancelled = output();
  readonly #api = inject(RegistrationTokensApi);

  protected readonly expiries = EXPIRIES;
  protected readonly codeTexts = { pattern: 'registration.create.badCode' } as const;
  protected readonly cidrTexts = { server: 'registration.create.badCidr' } as const;
  protected readonly form = new FormGroup({
    name: new FormControl('', { nonNullable: true, validators: [Validators.maxLength(MAX_NAME_LENGTH)] }),
    agentCode: new FormControl('', {
      nonNullable: true,
      validators: [Validators.pattern(CODE_PATTERN), Validators.maxLength(MAX_CODE_LENGTH)],
    }),
    expiresInSeconds: new FormControl<number>(3_600, { nonNullable: true }),
    allowedCidrs: new FormControl('', { nonNullable: true }),
  });
  protected readonly submission = new Submission(this.form);

  ngOnInit(): void {
    this.form.controls.agentCode.setValue(this.agentCode());
  }

  protected submit(): Promise<void> {
    return this.submission.run(async () => {
      const { name, agentCode, expiresInSeconds, allowedCidrs } = this.form.getRawValue();
      const token = await this.#api.create({
        expiresInSeconds: expiresInSeconds === NEVER ? null : expiresInSeconds,
        ...(name.trim() !== '' && { name: name.trim() }),
        ...(agentCode !== '' && { agentCode }),
        ...(linesOf(allowedCidrs).length > 0 && { allowedCidrs: linesOf(allowedCidrs) }),
      });
      this.created.emit(token);
    });
  }
}
