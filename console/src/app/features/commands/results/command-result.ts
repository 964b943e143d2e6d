import { Component, computed, input } from '@angular/core';
import type { CommandResult, JsonObject } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { JsonView } from '../../../shared/json/json-view';
import { detailResultOf, listResultOf } from '../../../shared/results/result-shapes';
import type { ActContext } from './act-context';
import { ResultDetail } from './result-detail';
import { ResultList } from './result-list';

const withoutKey = ({ generatedKey: _key, ...rest }: JsonObject): JsonObject => rest;

/** The result of a command: table, fields or JSON, message and error. Never the one-time key. */
@Component({
  selector: 'ops-command-result',
  template: `
    @if (result().message; as message) {
      <p class="message">{{ message }}</p>
    }
    @if (error(); as json) {
      <ops-json-view [value]="json" [label]="'commands.result.error' | transloco" />
    }
    @if (list(); as one) {
      <ops-result-list [list]="one" [context]="context()" />
    } @else if (detail(); as one) {
      <ops-result-detail [detail]="one" [context]="context()" />
    } @else if (rest(); as json) {
      <ops-json-view [value]="json" [label]="'commands.result.data' | transloco" />
    }
  `,
  styles: `
    .message {
      margin: 0 0 12px;
      white-space: pre-line;
      overflow-wrap: anywhere;
    }
  `,
  imports: [JsonView, ResultDetail, ResultList, TextPipe],
})
export class CommandResultView {
  readonly result = input.required<CommandResult>();
  readonly context = input.required<ActContext>();
  protected readonly list = computed(() => listResultOf(this.result().data));
  protected readonly detail = computed(() => detailResultOf(this.result().data));
  protected readonly rest = computed(() => {
    const rest = withoutKey(this.result().data ?? {});
    return Object.keys(rest).length > 0 ? rest : null;
  });
  /** The details of the error without its code and message, which are shown elsewhere. */
  protected readonly error = computed(() => {
    const { code: _code, message: _message, ...more } = this.result().error ?? { code: '', message: '' };
    return Object.keys(more).length > 0 ? more : null;
  });
}
