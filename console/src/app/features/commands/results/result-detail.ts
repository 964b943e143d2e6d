import { Component, input } from '@angular/core';
import type { DetailResult, Json } from '#contracts';
import type { ActContext } from './act-context';
import { ResultActs } from './result-acts';
import { ResultValue } from './result-value';

/** `data.detail` of a result: a list of fields. */
@Component({
  selector: 'ops-result-detail',
  template: `
    <div class="head">
      @if (detail().title; as title) {
        <h3>{{ title }}</h3>
      }
      <ops-result-acts [acts]="detail().actions ?? []" [row]="detail().data" [context]="context()" />
    </div>
    <dl>
      @for (field of detail().fields; track $index) {
        <div>
          <dt>{{ field.label }}</dt>
          <dd><ops-result-value [value]="valueOf(field.key)" [format]="field.format ?? 'text'" /></dd>
        </div>
      }
    </dl>
  `,
  styleUrl: './result-detail.scss',
  imports: [ResultActs, ResultValue],
})
export class ResultDetail {
  readonly detail = input.required<DetailResult>();
  readonly context = input.required<ActContext>();

  protected valueOf(key: string): Json | undefined {
    const { data } = this.detail();
    return Object.hasOwn(data, key) ? data[key] : undefined;
  }
}
