import { Component, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { CreatedRegistrationToken, Page, RegistrationToken } from '#contracts';
import type { KeyPart } from '../../../core/i18n/text-key';
import { TextPipe, Texts } from '../../../core/i18n/texts';
import type { LiveResource } from '../../../core/live/live-resource';
import { Refresh } from '../../../core/live/refresh';
import { Confirm } from '../../../shared/acts/confirm-dialog';
import { CreateTokenForm } from './create-token-form';
import { CreatedToken } from './created-token';

export interface CreateTokenData {
  /** The initial agent code; may be empty. */
  readonly agentCode: string;
  /** The list of the page, which follows the new token. */
  readonly tokens: LiveResource<Page<RegistrationToken>>;
  readonly onCreated: () => void;
}

/** Creates a token and then shows it, once. */
@Component({
  selector: 'ops-create-token-dialog',
  template: `
    <h2 mat-dialog-title>{{ (created() ? 'registration.created.title' : 'registration.create.title') | transloco }}</h2>
    @if (created(); as token) {
      <ops-created-token [token]="token" [tokens]="data.tokens" (done)="close()" />
    } @else {
      <ops-create-token-form [agentCode]="data.agentCode" (created)="show($event)" (cancelled)="close()" />
    }
  `,
  imports: [CreatedToken, CreateTokenForm, MatDialogModule, TextPipe],
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class CreateTokenDialog {
  readonly #dialog = inject<MatDialogRef<CreateTokenDialog>>(MatDialogRef);
  readonly #confirm = inject(Confirm);
  readonly #refresh = inject(Refresh);
  readonly #texts = inject(Texts);
  protected readonly data = inject<CreateTokenData>(MAT_DIALOG_DATA);
  protected readonly created = signal<CreatedRegistrationToken | null>(null);

  constructor() {
    // Through the dialog's own events: an Escape that closes an open select must not close the dialog.
    this.#dialog.keydownEvents().subscribe(({ key }) => {
      if (key === 'Escape') void this.close();
    });
  }

  protected show(token: CreatedRegistrationToken): void {
    this.created.set(token);
    this.data.onCreated();
    this.#refresh.now();
  }

  /** Whether closing loses nothing, or the user agrees. */
  async mayClose(): Promise<boolean> {
    return !this.#isUsable() || this.#mayForget();
  }

  protected async close(): Promise<void> {
    if (await this.mayClose()) this.#dialog.close();
  }

  /** Leaving the console: the browser asks. */
  protected warn(event: Event): void {
    if (this.#isUsable()) event.preventDefault();
  }

  /** Whether an unused token is shown. */
  #isUsable(): boolean {
    const created = this.created();
    if (created === null) return false;
    const row = this.data.tokens.value()?.data.find(({ id }) => id === created.id);
    return (row ?? created).status === 'ACTIVE';
  }

  #mayForget(): Promise<boolean> {
    const text = (part: KeyPart<'registration.forget.'>): string =>
      this.#texts.translate(`registration.forget.${part}`);
    return this.#confirm.ask({ title: text('title'), text: text('text'), act: text('act') });
  }
}
