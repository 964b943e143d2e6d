import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import { toApiError, type ApiError } from '../../../core/api/api-error';
import { TextPipe } from '../../../core/i18n/texts';
import { BytesPipe } from '../../../shared/format/bytes';
import { FormError } from '../../../shared/forms/form-error';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { SettingsApi } from '../settings-api';
import { LastProven } from './last-proven';
import { SaveFile } from './save-file';

interface Saved {
  readonly name: string;
  readonly bytes: number;
}

/** Downloads a copy of the database and shows the last verified backup. */
@Component({
  selector: 'ops-backup',
  templateUrl: './backup.html',
  styleUrl: '../section.scss',
  imports: [BytesPipe, FailedState, FormError, LastProven, MatButton, MatIcon, MatProgressBar, Skeleton, TextPipe],
})
export class Backup {
  readonly #api = inject(SettingsApi);
  readonly #saveFile = inject(SaveFile);
  protected readonly backups = this.#api.backups();
  /** 0..1 while it runs. */
  protected readonly progress = signal<number | null>(null);
  protected readonly percent = computed(() => Math.round((this.progress() ?? 0) * 100));
  protected readonly failure = signal<ApiError | null>(null);
  protected readonly saved = signal<Saved | null>(null);

  protected async run(): Promise<void> {
    if (this.progress() !== null) return;
    this.progress.set(0);
    this.failure.set(null);
    this.saved.set(null);
    try {
      const { name, content } = await this.#api.backup((part) => {
        this.progress.set(part);
      });
      this.#saveFile.save(name, content);
      this.saved.set({ name, bytes: content.size });
      this.backups.reload();
    } catch (thrown) {
      this.failure.set(toApiError(thrown));
    } finally {
      this.progress.set(null);
    }
  }
}
