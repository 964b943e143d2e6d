import { Component, inject, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TextPipe } from '../../core/i18n/texts';
import { Copier } from './copier';

/** A button that copies a text. */
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

    /* Where the button is small its icon is too, and in its middle. */
    mat-icon {
      width: var(--mat-icon-button-icon-size, 24px);
      height: var(--mat-icon-button-icon-size, 24px);
    }
  `,
  imports: [MatIcon, MatIconButton, TextPipe],
})
export class CopyButton {
  readonly text = input.required<string>();
  protected readonly copier = inject(Copier);
}
