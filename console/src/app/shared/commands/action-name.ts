import { Component, computed, input } from '@angular/core';
import type { Command } from '#contracts';

/** The label of a command's action, with its name beside it. */
@Component({
  selector: 'ops-action-name',
  template: `{{ title() }}
    @if (title() !== command().actionName) {
      <code class="ops-muted">{{ command().actionName }}</code>
    }`,
  styles: `
    code {
      font-weight: 400;
      overflow-wrap: anywhere;
    }

    @media (max-width: 720px) {
      code {
        display: none;
      }
    }
  `,
})
export class ActionName {
  readonly command = input.required<Pick<Command, 'actionName' | 'actionLabel'>>();
  protected readonly title = computed(() => this.command().actionLabel ?? this.command().actionName);
}
