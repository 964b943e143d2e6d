import { Component, computed, input, linkedSignal, output, signal } from '@angular/core';
import { TranslocoPipe } from '@jsverse/transloco';
import type { AuditSummary } from '#contracts';
import { NumberPipe } from '../../../shared/format/number';
import { TimeSpanPipe } from '../../../shared/format/time-span';
import { barsOf, isWithin, pickAfter, sumOf, type Bar, type Pick } from './bars';
import type { TimeRange } from './time-range';

/**
 * How many events there were over time. A stretch is picked by pointer or by arrow keys, more of them by dragging or with
 * Shift; Enter, or letting go, narrows the time to it.
 */
@Component({
  selector: 'ops-audit-histogram',
  templateUrl: './audit-histogram.html',
  styleUrl: './audit-histogram.scss',
  imports: [NumberPipe, TimeSpanPipe, TranslocoPipe],
})
export class AuditHistogram {
  readonly summary = input.required<AuditSummary>();
  readonly narrowed = output<TimeRange>();

  protected readonly bars = computed(() => barsOf(this.summary()));
  protected readonly filled = computed(() => this.bars().filter(({ count }) => count > 0));
  readonly #peak = computed(() => Math.max(1, ...this.bars().map(({ count }) => count)));
  /** Other bars: nothing of them is picked. */
  protected readonly pick = linkedSignal<readonly Bar[], Pick | null>({ source: this.bars, computation: () => null });
  readonly #hovered = signal<number | null>(null);
  #isDragging = false;

  /** What is read out: of the bar below the pointer, of the picked ones, or of all. */
  protected readonly shown = computed(() => {
    const hovered = this.#hovered();
    return sumOf(this.bars(), this.pick() ?? (hovered === null ? null : { anchor: hovered, head: hovered }));
  });

  protected heightOf({ count }: Bar): number {
    // What happened once is seen beside what happened a thousand times.
    return count === 0 ? 0 : Math.max(4, (count / this.#peak()) * 100);
  }

  protected isPicked(index: number): boolean {
    const pick = this.pick();
    return pick !== null && isWithin(index, pick);
  }

  protected press(event: KeyboardEvent): void {
    if (event.key === 'Enter') this.#narrow();
    else if (event.key === 'Escape') this.pick.set(null);
    else {
      const pick = pickAfter(this.pick(), event, this.bars().length);
      if (pick === undefined) return;
      this.pick.set(pick);
    }
    event.preventDefault();
  }

  protected take(event: PointerEvent): void {
    if (event.button !== 0) return;
    const index = this.#indexAt(event);
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#isDragging = true;
    this.pick.set({ anchor: index, head: index });
  }

  protected drag(event: PointerEvent): void {
    const head = this.#indexAt(event);
    this.#hovered.set(head);
    if (this.#isDragging) this.pick.update((pick) => pick && { ...pick, head });
  }

  protected letGo(): void {
    if (!this.#isDragging) return;
    this.#isDragging = false;
    this.#narrow();
  }

  /** The pointer was taken away: nothing was meant. */
  protected drop(): void {
    this.#isDragging = false;
    this.pick.set(null);
  }

  protected leave(): void {
    this.#hovered.set(null);
  }

  #narrow(): void {
    const pick = this.pick();
    const range = pick && sumOf(this.bars(), pick);
    if (range && range.count > 0) this.narrowed.emit({ from: range.from, to: range.to });
  }

  #indexAt({ clientX, currentTarget }: PointerEvent): number {
    const { left, width } = (currentTarget as Element).getBoundingClientRect();
    const length = this.bars().length;
    return Math.min(length - 1, Math.max(0, Math.floor(((clientX - left) / Math.max(1, width)) * length)));
  }
}
