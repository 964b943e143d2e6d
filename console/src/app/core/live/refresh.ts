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
/** While there are news: for what changes without any, as how long ago something was heard of. */
const SLOW_POLL_MS = 30_000;
const NEWS_MS = 1_000;
/** When the effect of an act is usually there. */
const SOON_MS = [400, 1_200, 2_500];

/** Why to read again: something has changed, or it is only time to look. */
export type Due = 'news' | 'time';

interface View {
  readonly url: () => string | undefined;
  readonly look: () => void;
  readonly news: Throttle;
}

/**
 * Says when what is on the screen should be read again: when the stream of changes says so, and every few seconds while
 * there is no stream. Without a session, or while nobody can see the page, nothing is read.
 */
@Injectable({ providedIn: 'root' })
export class Refresh {
  readonly #csrf = inject(CsrfToken);
  readonly #enrolment = inject(Enrolment);
  readonly #visibility = inject(PageVisibility);
  readonly #stream = inject(ChangeStream);
  readonly #views = new Set<View>();
  readonly #isLive = computed(() => this.state() === 'live');
  /** Who must get a passkey first is told nothing. */
  readonly #mayRead = computed(() => this.#csrf.value() !== null && !this.#enrolment.isNeeded());
  /** A stream that is lost while nobody looks is not sought before somebody does. */
  readonly #isStreamWanted = computed(
    () => this.#mayRead() && (this.#visibility.isVisible() || (this.#isLive() && !this.#visibility.isAway())),
  );

  /** How changes get here. */
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

  /** Reads again a few times before the next poll, after something was begun that usually ends quickly. */
  soon(): void {
    // The stream says when.
    if (this.#isLive()) return;
    for (const delay of SOON_MS) {
      setTimeout(() => {
        this.now();
      }, delay);
    }
  }

  /** Reads everything again at once, after a change of the user's own. */
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
