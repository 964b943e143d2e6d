import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import type { ConfigItem, Json } from '#contracts';
import { EmptyState } from '../../../shared/states/empty-state';

/** A value in one line: a text as it is, anything else as JSON. */
export const valueText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The configuration a service reports; of a sensitive item only whether it is set. */
@Component({
  selector: 'ops-service-configs',
  templateUrl: './service-configs.html',
  styleUrl: './service-configs.scss',
  imports: [EmptyState, MatIcon, TranslocoPipe],
})
export class ServiceConfigs {
  readonly configs = input.required<readonly ConfigItem[]>();
  protected readonly valueText = valueText;
}
