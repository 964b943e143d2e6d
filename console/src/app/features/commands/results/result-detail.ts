import { Component, input } from '@angular/core';
import type { DetailResult } from '#contracts';
import { DetailFields } from '../../../shared/results/detail-fields';
import type { ActContext } from './act-context';
import { ResultActs } from './result-acts';

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
    <ops-detail-fields [detail]="detail()" />
  `,
  styleUrl: './result-detail.scss',
  imports: [DetailFields, ResultActs],
})
export class ResultDetail {
  readonly detail = input.required<DetailResult>();
  readonly context = input.required<ActContext>();
}
