import { Component, computed, inject } from '@angular/core';
import { TextPipe } from '../../../core/i18n/texts';
import { BytesPipe } from '../../../shared/format/bytes';
import { DurationPipe } from '../../../shared/format/duration';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { SettingsApi } from '../settings-api';

/** The server's version, runtime and configuration. */
@Component({
  selector: 'ops-diagnostics',
  templateUrl: './diagnostics.html',
  styleUrl: '../section.scss',
  imports: [BytesPipe, DurationPipe, FailedState, Skeleton, TextPipe],
})
export class Diagnostics {
  protected readonly runtime = inject(SettingsApi).diagnostics();
  protected readonly configuration = computed(() => Object.entries(this.runtime.value()?.configuration ?? {}));
}
