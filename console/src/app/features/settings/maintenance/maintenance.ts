import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { MaintenanceReport, MaintenanceSettings } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Notify } from '../../../core/notify/notify';
import { IfRole } from '../../../core/session/if-role';
import { Session } from '../../../core/session/session';
import { BytesPipe } from '../../../shared/format/bytes';
import { DurationPipe } from '../../../shared/format/duration';
import { RelativeTime } from '../../../shared/format/relative-time';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { SettingsApi } from '../settings-api';
import { HealthConcerns } from './health-concerns';
import { MaintenanceForm } from './maintenance-form';
import { MaintenanceJobs } from './maintenance-jobs';

/** The report's counts, in the order they are shown. */
const COUNTS = [
  'expiredRegistrationTokens',
  'expiredCommands',
  'offlineAgents',
  'offlineServices',
  'staleServices',
  'deletedAuditEvents',
  'deletedCommands',
  'deletedHealthReports',
  'deletedSessions',
  'madeBackups',
] as const satisfies readonly (keyof MaintenanceReport)[];

/** The retention settings, in days. */
const KEPT = ['auditRetentionDays', 'commandRetentionDays', 'healthRetentionDays'] as const;

const DAY_MS = 86_400_000;

/** The maintenance page: settings, jobs and a manual run. */
@Component({
  selector: 'ops-maintenance',
  templateUrl: './maintenance.html',
  styleUrl: '../section.scss',
  imports: [
    BytesPipe,
    DurationPipe,
    FailedState,
    HealthConcerns,
    IfRole,
    MaintenanceForm,
    MaintenanceJobs,
    MatButton,
    MatIcon,
    MatProgressBar,
    RelativeTime,
    Skeleton,
    TextPipe,
  ],
})
export class Maintenance {
  readonly #api = inject(SettingsApi);
  readonly #notify = inject(Notify);
  readonly #session = inject(Session);
  protected readonly counts = COUNTS;
  protected readonly kept = KEPT;
  protected readonly dayMs = DAY_MS;
  protected readonly settings = this.#api.maintenance();
  protected readonly jobs = this.#api.jobs();
  /** As loaded, or as saved since. */
  protected readonly shown = linkedSignal<MaintenanceSettings | undefined>(() => this.settings.value());
  protected readonly mayEdit = computed(() => this.#session.allows('owner'));
  protected readonly report = signal<MaintenanceReport | null>(null);
  protected readonly isRunning = signal(false);

  protected async run(): Promise<void> {
    if (this.isRunning()) return;
    this.isRunning.set(true);
    try {
      this.report.set(await this.#api.runMaintenance());
      this.jobs.reload();
    } catch (error) {
      this.#notify.failed(error);
    } finally {
      this.isRunning.set(false);
    }
  }
}
