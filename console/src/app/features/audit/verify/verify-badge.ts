import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Session } from '../../../core/session/session';
import { CopyButton } from '../../../shared/copy/copy-button';
import { DurationPipe } from '../../../shared/format/duration';
import { Now } from '../../../shared/format/now';
import { NumberPipe } from '../../../shared/format/number';
import { RelativeTime } from '../../../shared/format/relative-time';
import { FormError } from '../../../shared/forms/form-error';
import { AuditVerifying } from './audit-verifying';

/** As much of a root as tells it apart at a glance. */
const ROOT_LENGTH = 12;

/** Whether the audit is what was sealed: says so with count, root and time, or names the first event that is not. */
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
    TranslocoPipe,
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
