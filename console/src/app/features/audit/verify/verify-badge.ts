import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import { TextPipe } from '../../../core/i18n/texts';
import { Session } from '../../../core/session/session';
import { CopyButton } from '../../../shared/copy/copy-button';
import { DurationPipe } from '../../../shared/format/duration';
import { Now } from '../../../shared/format/now';
import { NumberPipe } from '../../../shared/format/number';
import { RelativeTime } from '../../../shared/format/relative-time';
import { FormError } from '../../../shared/forms/form-error';
import { AuditVerifying } from './audit-verifying';

/** Enough of a root hash to compare at a glance. */
const ROOT_LENGTH = 12;

/** Shows whether the audit matches its seals: count, root hash and time, or the first event that does not match. */
@Component({
  selector: 'ops-verify-badge',
  templateUrl: './verify-badge.html',
  styleUrl: './verify-badge.scss',
  imports: [
    CopyButton,
    DurationPipe,
    FormError,
    MatButton,
    MatIcon,
    MatProgressBar,
    NumberPipe,
    RelativeTime,
    RouterLink,
    TextPipe,
  ],
})
export class VerifyBadge {
  readonly #now = inject(Now);
  readonly #session = inject(Session);
  protected readonly verifying = inject(AuditVerifying);
  protected readonly mayVerify = computed(() => this.#session.allows('operator'));
  protected readonly seconds = computed(() => {
    const startedAt = this.verifying.startedAt();
    return startedAt === null ? null : Math.max(0, Math.round((this.#now.ms() - startedAt) / 1_000));
  });

  protected short(root: string): string {
    return `${root.slice(0, ROOT_LENGTH)}…`;
  }
}
