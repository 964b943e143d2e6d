import { Component, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { ConfigItem, Json } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { EmptyState } from '../../../shared/states/empty-state';

/** A value in one line: text as it is, anything else as JSON. */
export const valueText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The configuration of a service; for sensitive items only whether they are set. */
@Component({
  selector: 'ops-service-configs',
  templateUrl: './service-configs.html',
  styleUrl: './service-configs.scss',
  imports: [EmptyState, MatIcon, TextPipe],
})
export class ServiceConfigs {
  readonly configs = input.required<readonly ConfigItem[]>();
  protected readonly valueText = valueText;
}
