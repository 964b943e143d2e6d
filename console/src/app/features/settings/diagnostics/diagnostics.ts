import { Component, computed, inject } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import { BytesPipe } from '../../../shared/format/bytes';
import { DurationPipe } from '../../../shared/format/duration';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { SettingsApi } from '../settings-api';

/** What the server is and how it is set up. */
@Component({
  selector: 'ops-diagnostics',
  templateUrl: './diagnostics.html',
  styleUrl: '../section.scss',
  imports: [BytesPipe, DurationPipe, FailedState, Skeleton, TranslocoPipe],
})
export class Diagnostics {
  protected readonly runtime = inject(SettingsApi).diagnostics();
  protected readonly configuration = computed(() => Object.entries(this.runtime.value()?.configuration ?? {}));
}
