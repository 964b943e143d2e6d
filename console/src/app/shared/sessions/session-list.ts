import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import type { EndedSessions, SessionSummary, UserId } from '#contracts';
import { TextPipe, Texts } from '../../core/i18n/texts';
import { Notify } from '../../core/notify/notify';
import { Confirm } from '../acts/confirm-dialog';
import { RelativeTime } from '../format/relative-time';
import { FailedState } from '../states/failed-state';
import { Skeleton } from '../states/skeleton';
import { browserName } from './browser-name';
import { SessionsApi } from './sessions-api';

/** Lists sessions, each with a button that ends it: the user's own, or those of another user. */
@Component({
  selector: 'ops-session-list',
  templateUrl: './session-list.html',
  styleUrl: './session-list.scss',
  imports: [FailedState, MatButton, MatIcon, RelativeTime, Skeleton, TextPipe],
})
export class SessionList {
  /** Whose sessions; null for one's own. */
  readonly user = input<UserId | null>(null);
  readonly #api = inject(SessionsApi);
  readonly #confirm = inject(Confirm);
  readonly #notify = inject(Notify);
  readonly #texts = inject(Texts);
  protected readonly sessions = this.#api.list(() => this.user());
  protected readonly hasOthers = computed(() => this.sessions.value()?.data.some(({ current }) => !current) ?? false);
  protected readonly isBusy = signal(false);

  protected nameOf({ userAgent }: SessionSummary): string {
    return userAgent === null ? this.#texts.translate('sessions.unknown') : browserName(userAgent);
  }

  protected end({ id }: SessionSummary): Promise<void> {
    return this.#do(() => this.#api.end(this.user(), id));
  }

  protected async endOthers(): Promise<void> {
    const whose = this.user() === null ? 'endOthers' : 'endAll';
    const isAgreed = await this.#confirm.ask({
      title: this.#texts.translate(`sessions.${whose}Title`),
      text: this.#texts.translate(`sessions.${whose}Text`),
      act: this.#texts.translate(`sessions.${whose}`),
      isDangerous: true,
    });
    if (isAgreed) await this.#do(() => this.#api.endOthers(this.user()));
  }

  async #do(act: () => Promise<EndedSessions>): Promise<void> {
    this.isBusy.set(true);
    try {
      await act();
      this.#notify.done('sessions.ended');
    } catch (thrown) {
      this.#notify.failed(thrown);
    } finally {
      this.isBusy.set(false);
      this.sessions.reload();
    }
  }
}
