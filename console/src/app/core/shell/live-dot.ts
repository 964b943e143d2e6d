import { Component, computed, inject } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { MatTooltip } from '@angular/material/tooltip';
import { map, of, switchMap, timer } from 'rxjs';
import { TextPipe } from '../i18n/texts';
import { Refresh } from '../live/refresh';

/** A shorter interruption is not announced. */
const WORTH_SAYING_MS = 5_000;

/** Shows whether the page is live, by shape and text; announces a lasting interruption once. */
@Component({
  selector: 'ops-live-dot',
  templateUrl: './live-dot.html',
  styleUrl: './live-dot.scss',
  imports: [MatTooltip, TextPipe],
})
export class LiveDot {
  protected readonly state = inject(Refresh).state;
  protected readonly isLost = toSignal(
    toObservable(computed(() => this.state() === 'live')).pipe(
      switchMap((isLive) => (isLive ? of(false) : timer(WORTH_SAYING_MS).pipe(map(() => true)))),
    ),
    { initialValue: false },
  );
}
