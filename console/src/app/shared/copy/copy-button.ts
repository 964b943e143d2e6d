import { Clipboard } from '@angular/cdk/clipboard';
import { Component, inject, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import { Notify } from '../../core/notify/notify';

/** Copies a text and says so. */
@Component({
  selector: 'ops-copy-button',
  template: `<button mat-icon-button type="button" [attr.aria-label]="'common.copy' | transloco" (click)="copy()">
    <mat-icon svgIcon="copy" />
  </button>`,
  imports: [MatIcon, MatIconButton, TranslocoPipe],
})
export class CopyButton {
  readonly text = input.required<string>();
  readonly #clipboard = inject(Clipboard);
  readonly #notify = inject(Notify);

  protected copy(): void {
    this.#clipboard.copy(this.text());
    this.#notify.done('common.copied');
  }
}
