import { Component, input } from '@angular/core';
import type { DetailResult, Json } from '#contracts';
import { ResultValue } from './result-value';

/** The fields of a detail and their values. */
@Component({
  selector: 'ops-detail-fields',
  template: `
    <dl>
      @for (field of detail().fields; track $index) {
        <div>
          <dt>{{ field.label }}</dt>
          <dd><ops-result-value [value]="valueOf(field.key)" [format]="field.format ?? 'text'" /></dd>
        </div>
      }
    </dl>
  `,
  styleUrl: './detail-fields.scss',
  imports: [ResultValue],
})
export class DetailFields {
  readonly detail = input.required<DetailResult>();

  protected valueOf(key: string): Json | undefined {
    const { data } = this.detail();
    return Object.hasOwn(data, key) ? data[key] : undefined;
  }
}
