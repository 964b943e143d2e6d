import { Component, computed, inject, Injectable, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import type { AgentSummary, CapsuleService } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Refresh } from '../../../core/live/refresh';
import { Notify } from '../../../core/notify/notify';
import { FormError } from '../../../shared/forms/form-error';
import { Submission } from '../../../shared/forms/submission';
import { ServicesApi } from '../services-api';

/** Moves a service to another online agent. */
@Component({
  selector: 'ops-move-service-dialog',
  templateUrl: './move-service-dialog.html',
  styleUrl: './move-service-dialog.scss',
  imports: [FormError, MatButton, MatDialogModule, MatFormField, MatInput, MatLabel, TextPipe],
})
export class MoveServiceDialog {
  protected readonly service = inject<CapsuleService>(MAT_DIALOG_DATA);
  protected readonly q = signal('');
  protected readonly chosen = signal<AgentSummary | null>(null);
  protected readonly submission = new Submission(null);
  readonly #api = inject(ServicesApi);
  readonly #dialog = inject(MatDialogRef);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);
  readonly #online = this.#api.onlineAgents(this.q);
  /** Null until they are known. */
  protected readonly agents = computed(
    () => this.#online.value()?.data.filter(({ id }) => id !== this.service.agentId) ?? null,
  );

  protected async move(): Promise<void> {
    const agent = this.chosen();
    if (!agent) return;
    await this.submission.run(async () => {
      await this.#api.move(this.service.id, agent.id);
      this.#notify.done('services.move.done', { name: this.service.name, agent: agent.name });
      this.#refresh.now();
      this.#dialog.close();
    });
  }
}

/** Opens the dialog. */
@Injectable({ providedIn: 'root' })
export class MoveService {
  readonly #dialogs = inject(MatDialog);

  open(service: CapsuleService): void {
    const options = { data: service, width: '480px', maxWidth: '96vw', restoreFocus: true };
    this.#dialogs.open<MoveServiceDialog, CapsuleService>(MoveServiceDialog, options);
  }
}
