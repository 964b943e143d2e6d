import { Component, computed, inject } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import type { SafetyDetail, SafetyFinding, SafetyStatus } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { RelativeTime } from '../../../shared/format/relative-time';
import { needsSomeone, SafetyApi } from '../../../shared/safety/safety-api';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StaleNote } from '../../../shared/states/stale-note';
import { StatusBadge } from '../../../shared/status/status-badge';
import { SafetyWords } from './safety-words';

/** Most severe first. */
const ORDER: readonly SafetyStatus[] = ['CRITICAL', 'WARNING', 'UNKNOWN', 'NOTICE', 'OK'];

const PAGES: Partial<Readonly<Record<SafetyDetail['targetType'], string>>> = {
  Agent: '/agents',
  CapsuleService: '/services',
};
/** Lists whose items have no page of their own. */
const LISTS: Partial<Readonly<Record<SafetyDetail['targetType'], string>>> = {
  RegistrationToken: '/registration-tokens',
  User: '/users',
};

/** The safety report of the installation: findings, why they matter, and what to do. */
@Component({
  selector: 'ops-safety',
  templateUrl: './safety.html',
  styleUrl: './safety.scss',
  imports: [FailedState, MatIcon, RelativeTime, RouterLink, Skeleton, StatusBadge, StaleNote, TextPipe],
})
export class Safety {
  protected readonly words = inject(SafetyWords);
  protected readonly report = inject(SafetyApi).report(
    () => true,
    () => true,
  );
  protected readonly findings = computed<readonly SafetyFinding[]>(() =>
    [...(this.report.value()?.findings ?? [])].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status)),
  );
  protected readonly concerning = computed(() => this.findings().filter(needsSomeone).length);

  protected linkOf({ targetType, targetId }: SafetyDetail): readonly string[] | null {
    const [page, list] = [PAGES[targetType], LISTS[targetType]];
    return page === undefined ? (list === undefined ? null : [list]) : [page, targetId];
  }
}
