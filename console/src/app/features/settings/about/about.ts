import { Component, inject } from '@angular/core';
import { TextPipe } from '../../../core/i18n/texts';
import { FailedState } from '../../../shared/states/failed-state';
import { Skeleton } from '../../../shared/states/skeleton';
import { SettingsApi } from '../settings-api';

/** Version and licence of this installation. */
@Component({
  selector: 'ops-about',
  template: `
    <section class="ops-card">
      <h2>Opstage CE</h2>
      @if (version.isLoading()) {
        <ops-skeleton [lines]="2" />
      }
      @if (version.value(); as shown) {
        <dl>
          <div>
            <dt>{{ 'settings.about.version' | transloco }}</dt>
            <dd>{{ shown.version }}</dd>
          </div>
          <div>
            <dt>{{ 'settings.about.edition' | transloco }}</dt>
            <dd>{{ 'settings.about.ce' | transloco }}</dd>
          </div>
          <div>
            <dt>{{ 'settings.about.commit' | transloco }}</dt>
            <dd>
              <code>{{ shown.commit ?? '–' }}</code>
            </dd>
          </div>
          <div>
            <dt>{{ 'settings.about.built' | transloco }}</dt>
            <dd>{{ shown.buildTime ?? '–' }}</dd>
          </div>
          <div>
            <dt>{{ 'settings.about.license' | transloco }}</dt>
            <dd>Apache-2.0</dd>
          </div>
          <div>
            <dt>{{ 'settings.about.api' | transloco }}</dt>
            <dd><a href="/api/docs" target="_blank" rel="noopener">/api/docs</a></dd>
          </div>
        </dl>
      } @else if (version.error(); as error) {
        <ops-failed-state [error]="error" (retry)="version.reload()" />
      }
    </section>
  `,
  styleUrl: '../section.scss',
  imports: [FailedState, Skeleton, TextPipe],
})
export class About {
  protected readonly version = inject(SettingsApi).version();
}
