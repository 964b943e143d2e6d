import { Component, input } from '@angular/core';
import { MatButtonToggleModule } from '@angular/material/button-toggle';
import type { Manifest } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { JsonView } from '../../../shared/json/json-view';
import { listQuery } from '../../../shared/list/list-query';
import { JsonTree } from './json-tree';

/** The manifest of a service, as a tree or as JSON. */
@Component({
  selector: 'ops-service-manifest',
  template: `<section class="ops-card">
    <mat-button-toggle-group
      [attr.aria-label]="'services.manifest.view' | transloco"
      hideSingleSelectionIndicator
      [value]="query.value().view"
      (valueChange)="query.set({ view: $event })"
    >
      <mat-button-toggle value="tree">{{ 'services.manifest.tree' | transloco }}</mat-button-toggle>
      <mat-button-toggle value="raw">{{ 'services.manifest.raw' | transloco }}</mat-button-toggle>
    </mat-button-toggle-group>
    @if (query.value().view === 'raw') {
      <ops-json-view [value]="manifest()" [label]="'services.tabs.manifest' | transloco" />
    } @else {
      <ops-json-tree [value]="manifest()" />
    }
  </section>`,
  styles: `
    mat-button-toggle-group {
      margin-bottom: 12px;
    }
  `,
  imports: [JsonTree, JsonView, MatButtonToggleModule, TextPipe],
})
export class ServiceManifest {
  readonly manifest = input.required<Manifest>();
  protected readonly query = listQuery({ view: 'tree' });
}
