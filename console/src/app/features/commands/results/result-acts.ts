import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenuModule } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import type { JsonObject, RowAction } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { Refresh } from '../../../core/live/refresh';
import { Notify } from '../../../core/notify/notify';
import { ActionsApi } from '../../../shared/acts/actions-api';
import { newIdempotencyKey } from '../../../shared/acts/idempotency-key';
import type { ActContext } from './act-context';
import { offeredActs, type OfferedAct } from './offered-acts';

/** How many acts of a row stand beside it; the others are in its menu. */
const INLINE_IN_ROW = 1;

/**
 * What can be done with a result or one of its rows. A harmless act that brings its payload runs at once; every other
 * leads to the page that runs it, filled in.
 */
@Component({
  selector: 'ops-result-acts',
  templateUrl: './result-acts.html',
  styleUrl: './result-acts.scss',
  imports: [MatButton, MatIcon, MatIconButton, MatMenuModule, RouterLink, TextPipe],
})
export class ResultActs {
  readonly acts = input.required<readonly RowAction[]>();
  readonly context = input.required<ActContext>();
  /** What `$row` stands for. */
  readonly row = input<JsonObject>({});
  /** In a row there is little room. */
  readonly isInRow = input(false);
  readonly #api = inject(ActionsApi);
  readonly #router = inject(Router);
  readonly #notify = inject(Notify);
  readonly #refresh = inject(Refresh);

  readonly #offered = computed(() => offeredActs(this.acts(), this.row(), this.context().actions));
  protected readonly inline = computed(() =>
    this.isInRow() ? this.#offered().slice(0, INLINE_IN_ROW) : this.#offered(),
  );
  protected readonly inMenu = computed(() => (this.isInRow() ? this.#offered().slice(INLINE_IN_ROW) : []));
  protected readonly isBusy = signal(false);

  protected linkOf({ action }: OfferedAct): readonly string[] {
    return ['/services', this.context().serviceId, 'actions', action];
  }

  protected async run(act: OfferedAct): Promise<void> {
    if (this.isBusy()) return;
    this.isBusy.set(true);
    const ref = { serviceId: this.context().serviceId, name: act.action };
    try {
      const command = await this.#api.run(ref, { payload: act.payload }, newIdempotencyKey());
      await this.#router.navigate(['/commands', command.id]);
      this.#refresh.soon();
    } catch (error) {
      this.#notify.failed(error);
    } finally {
      this.isBusy.set(false);
    }
  }
}
