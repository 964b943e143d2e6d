import { computed, DestroyRef, inject, Injectable, signal, type Signal } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import { filter, interval, skip, switchMap } from 'rxjs';
import { CsrfToken } from '../session/csrf-token';
import { Enrolment } from '../session/enrolment';
import { ChangeStream, type News } from './change-stream';
import { PageVisibility } from './page-visibility';
import { isConcerned } from './relevance';
import { Throttle } from './throttle';

const POLL_MS = 5_000;
/** While the stream is live: for values that change without an event, such as times since a heartbeat. */
const SLOW_POLL_MS = 30_000;
const NEWS_MS = 1_000;
/** When the effect of an act is usually visible. */
const SOON_MS = [400, 1_200, 2_500];

/** Why a view is read again: something has changed, or the poll interval is over. */
export type Due = 'news' | 'time';

interface View {
  readonly url: () => string | undefined;
  readonly look: () => void;
  readonly news: Throttle;
}

/**
 * Tells views when to read again: on a change from the stream, and every few seconds while
 * there is no stream. Nothing is read without a session or while the page is hidden.
 */
@Injectable({ providedIn: 'root' })
export class Refresh {
  readonly #csrf = inject(CsrfToken);
  readonly #enrolment = inject(Enrolment);
  readonly #visibility = inject(PageVisibility);
  readonly #stream = inject(ChangeStream);
  readonly #views = new Set<View>();
  readonly #isLive = computed(() => this.state() === 'live');
  /** Users who must register a passkey first get no data. */
  readonly #mayRead = computed(() => this.#csrf.value() !== null && !this.#enrolment.isNeeded());
  /** A stream that is lost while the page is hidden is reopened when the page is visible again. */
  readonly #isStreamWanted = computed(
    () => this.#mayRead() && (this.#visibility.isVisible() || (this.#isLive() && !this.#visibility.isAway())),
  );

  /** How changes arrive. */
  readonly state = this.#stream.state;

  constructor() {
    toObservable(this.#isStreamWanted).subscribe((isWanted) => {
      if (isWanted) this.#stream.open();
      else this.#stream.close();
    });
    this.#stream.news.subscribe((news) => {
      this.#tell(news);
    });
    toObservable(this.#isLive)
      .pipe(switchMap((isLive) => interval(isLive ? SLOW_POLL_MS : POLL_MS)))
      .subscribe(() => {
        this.#poll();
      });
    toObservable(this.#visibility.isVisible)
      .pipe(skip(1), filter(Boolean))
      .subscribe(() => {
        this.now();
      });
  }

  /** Calls `read` when what `url()` stands for should be read again, as long as the caller exists. */
  follow(url: View['url'], read: (why: Due) => void): void {
    const view: View = {
      url,
      look: () => {
        read('time');
      },
      news: new Throttle(() => {
        read('news');
      }, NEWS_MS),
    };
    this.#views.add(view);
    inject(DestroyRef).onDestroy(() => {
      view.news.stop();
      this.#views.delete(view);
    });
  }

  /** {@link follow} as a signal: it changes whenever what `url()` stands for should be read again. */
  tickOf(url: View['url']): Signal<number> {
    const tick = signal(0);
    this.follow(url, () => {
      tick.update((count) => count + 1);
    });
    return tick.asReadonly();
  }

  /** Reads again a few times before the next poll, after starting something that usually ends quickly. */
  soon(): void {
    // The stream reports it.
    if (this.#isLive()) return;
    for (const delay of SOON_MS) {
      setTimeout(() => {
        this.now();
      }, delay);
    }
  }

  /** Reads everything again at once, after the user's own change. */
  now(): void {
    if (this.#csrf.isSessionOver()) return;
    for (const { news } of this.#views) news.now();
  }

  #poll(): void {
    if (this.#isResting()) return;
    for (const { look } of this.#views) look();
  }

  #tell(news: News): void {
    if (this.#isResting()) return;
    for (const view of this.#views) {
      const url = view.url();
      if (url !== undefined && (news === 'everything' || isConcerned(url, news))) view.news.ask();
    }
  }

  #isResting(): boolean {
    return this.#csrf.isSessionOver() || !this.#visibility.isVisible();
  }
}
