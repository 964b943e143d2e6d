import { HttpClient, HttpEventType, type HttpHeaders } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { filter, firstValueFrom, map, tap } from 'rxjs';
import type {
  BackupOverview,
  ClockConfirmation,
  MaintenanceJobStatus,
  MaintenanceReport,
  MaintenanceSettings,
  RuntimeDiagnostics,
  SignInSettings,
  SystemHealth,
  SystemVersion,
  UpdateMaintenanceSettingsRequest,
} from '#contracts';
import { liveResource, type LiveResource } from '../../core/live/live-resource';

const SETTINGS = '/api/admin/settings/maintenance';
const SIGN_IN = '/api/admin/settings/sign-in';
const FALLBACK_NAME = 'opstage.db';

/** A downloaded file. */
export interface Download {
  readonly name: string;
  readonly content: Blob;
}

const nameIn = (headers: HttpHeaders): string =>
  /filename="([\w.-]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? FALLBACK_NAME;

/** The installation as a whole. */
@Injectable({ providedIn: 'root' })
export class SettingsApi {
  readonly #http = inject(HttpClient);

  /** Read once: a refresh must not change what is being edited. */
  maintenance(): LiveResource<MaintenanceSettings> {
    return liveResource<MaintenanceSettings>(() => SETTINGS, { once: true });
  }

  /** @throws ApiError */
  updateMaintenance(request: UpdateMaintenanceSettingsRequest): Promise<MaintenanceSettings> {
    return firstValueFrom(this.#http.patch<MaintenanceSettings>(SETTINGS, request));
  }

  jobs(): LiveResource<readonly MaintenanceJobStatus[]> {
    return liveResource<readonly MaintenanceJobStatus[]>(() => '/api/admin/maintenance/jobs');
  }

  /** @throws ApiError */
  runMaintenance(): Promise<MaintenanceReport> {
    return firstValueFrom(this.#http.post<MaintenanceReport>('/api/admin/maintenance/run', {}));
  }

  /** Read once; fails while the database is away. */
  health(): LiveResource<SystemHealth> {
    return liveResource<SystemHealth>(() => '/api/system/health', { once: true });
  }

  /** Says that the clock of the server's machine is right, so that what waited for that goes on. @throws ApiError */
  confirmClock(): Promise<ClockConfirmation> {
    return firstValueFrom(this.#http.post<ClockConfirmation>('/api/admin/maintenance/clock/confirm', {}));
  }

  /** Read once: a refresh must not change what is being edited. */
  signIn(): LiveResource<SignInSettings> {
    return liveResource<SignInSettings>(() => SIGN_IN, { once: true });
  }

  /** @throws ApiError */
  updateSignIn(request: SignInSettings): Promise<SignInSettings> {
    return firstValueFrom(this.#http.patch<SignInSettings>(SIGN_IN, request));
  }

  diagnostics(): LiveResource<RuntimeDiagnostics> {
    return liveResource<RuntimeDiagnostics>(() => '/api/admin/diagnostics/runtime');
  }

  /** Read once. */
  version(): LiveResource<SystemVersion> {
    return liveResource<SystemVersion>(() => '/api/system/version', { once: true });
  }

  backups(): LiveResource<BackupOverview> {
    return liveResource<BackupOverview>(() => '/api/admin/backups');
  }

  /** Copies the database; `onProgress` gets the loaded part, 0..1. @throws ApiError */
  backup(onProgress: (part: number) => void): Promise<Download> {
    const request = this.#http.post(
      '/api/admin/backup/sqlite',
      {},
      {
        observe: 'events',
        reportDownloadProgress: true,
        responseType: 'blob',
      },
    );
    return firstValueFrom(
      request.pipe(
        tap((event) => {
          if (event.type === HttpEventType.DownloadProgress && event.total) onProgress(event.loaded / event.total);
        }),
        filter((event) => event.type === HttpEventType.Response),
        map(({ headers, body }) => ({ name: nameIn(headers), content: body ?? new Blob() })),
      ),
    );
  }
}
