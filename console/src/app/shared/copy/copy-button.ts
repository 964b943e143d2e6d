import { Component, inject, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import { Copier } from './copier';

/** Copies a text and says so. */
@Component({
  selector: 'ops-copy-button',
  template: `<button
    mat-icon-button
    type="button"
    [attr.aria-label]="'common.copy' | transloco"
    (click)="copier.copy(text())"
  >
    <mat-icon svgIcon="copy" />
  </button>`,
  styles: `
    :host {
      display: inline-flex;
    }
  `,
  imports: [MatIcon, MatIconButton, TranslocoPipe],
})
export class CopyButton {
  readonly text = input.required<string>();
  protected readonly copier = inject(Copier);
}
