import { Component, computed, inject, input } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { TranslocoService } from '@jsverse/transloco';
import type { MaintenanceJobStatus } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import type { LiveResource } from '../../../core/live/live-resource';
import { BytesPipe } from '../../../shared/format/bytes';
import { Duration } from '../../../shared/format/duration';
import { NumberPipe } from '../../../shared/format/number';
import { RelativeTime } from '../../../shared/format/relative-time';
import { EmptyState } from '../../../shared/states/empty-state';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { StaleNote } from '../../../shared/states/stale-note';
import { StatusBadge } from '../../../shared/status/status-badge';

/** Counts bytes instead of rows. */
const SPACE = 'space';

/** Every maintenance job: its last run on any server, and when it is due. */
@Component({
  selector: 'ops-maintenance-jobs',
  templateUrl: './maintenance-jobs.html',
  styleUrl: './maintenance-jobs.scss',
  imports: [
    BytesPipe,
    Duration,
    EmptyState,
    FailedState,
    NumberPipe,
    RelativeTime,
    Skeleton,
    StatusBadge,
    StaleNote,
    TextPipe,
  ],
})
export class MaintenanceJobs {
  readonly jobs = input.required<LiveResource<readonly MaintenanceJobStatus[]>>();
  // Emits when the texts of the chosen language are there.
  readonly #texts = toSignal(inject(TranslocoService).selectTranslation());

  protected readonly shown = computed(() => {
    const texts = this.#texts() ?? {};
    // A newer server may have more jobs.
    const nameOf = ({ id, description }: MaintenanceJobStatus): string =>
      String(texts[`settings.jobs.names.${id}`] ?? description);
    return this.jobs()
      .value()
      ?.map((job) => ({ ...job, name: nameOf(job), givesSpaceBack: job.id === SPACE }));
  });
}
