import { Component, computed, inject } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { MatTooltip } from '@angular/material/tooltip';
import { TranslocoPipe } from '@jsverse/transloco';
import { map, of, switchMap, timer } from 'rxjs';
import { Refresh } from '../live/refresh';

/** A shorter break is nothing to speak of. */
const WORTH_SAYING_MS = 5_000;

/** How news get to the page, by shape and text; a break that lasts is said aloud, once. */
@Component({
  selector: 'ops-live-dot',
  template: `
    <span class="state" [attr.data-state]="state()" [matTooltip]="'nav.live.about.' + state() | transloco">
      <span class="dot" aria-hidden="true"></span>
      <span class="text">{{ 'nav.live.' + state() | transloco }}</span>
    </span>
    <span class="visually-hidden" role="status">{{ isLost() ? ('nav.live.lost' | transloco) : '' }}</span>
  `,
  styleUrl: './live-dot.scss',
  imports: [MatTooltip, TranslocoPipe],
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
