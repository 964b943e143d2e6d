import { Component, computed, inject, input } from '@angular/core';
import type { BackupOverview } from '#contracts';
import { Language } from '../../../core/i18n/i18n';
import { TextPipe } from '../../../core/i18n/texts';
import { BytesPipe } from '../../../shared/format/bytes';
import { RelativeTime } from '../../../shared/format/relative-time';
import { FormError } from '../../../shared/forms/form-error';

/** The newest verified backup, and whether a later one is broken. */
@Component({
  selector: 'ops-last-proven',
  templateUrl: './last-proven.html',
  styleUrl: '../section.scss',
  imports: [BytesPipe, FormError, RelativeTime, TextPipe],
})
export class LastProven {
  readonly overview = input.required<BackupOverview>();
  readonly #language = inject(Language);

  protected readonly rows = computed(() => {
    const counts = Object.values(this.overview().lastProven?.proof.rowCounts ?? {});
    return counts.reduce((sum, count) => sum + count, 0).toLocaleString(this.#language.code());
  });

  /** The newest backup, when it is broken. */
  protected readonly unsound = computed(() => {
    const newest = this.overview().backups[0];
    return newest && !newest.proof.proven ? newest : null;
  });
}
