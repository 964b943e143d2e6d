import { Component, computed, input, linkedSignal, output, signal } from '@angular/core';
import type { AuditSummary } from '#contracts';
import { TextPipe } from '../../../core/i18n/texts';
import { NumberPipe } from '../../../shared/format/number';
import { TimeSpanPipe } from '../../../shared/format/time-span';
import { barsOf, isWithin, pickAfter, sumOf, type Bar, type Pick } from './bars';
import type { TimeRange } from './time-range';

/**
 * The number of events over time. Pick an interval by pointer or arrow keys, several by dragging or with
 * Shift; Enter or releasing the pointer narrows the time range to it.
 */
@Component({
  selector: 'ops-audit-histogram',
  templateUrl: './audit-histogram.html',
  styleUrl: './audit-histogram.scss',
  imports: [NumberPipe, TimeSpanPipe, TextPipe],
})
export class AuditHistogram {
  readonly summary = input.required<AuditSummary>();
  readonly narrowed = output<TimeRange>();

  protected readonly bars = computed(() => barsOf(this.summary()));
  protected readonly filled = computed(() => this.bars().filter(({ count }) => count > 0));
  readonly #peak = computed(() => Math.max(1, ...this.bars().map(({ count }) => count)));
  /** New bars start without a selection. */
  protected readonly pick = linkedSignal<readonly Bar[], Pick | null>({ source: this.bars, computation: () => null });
  readonly #hovered = signal<number | null>(null);
  #isDragging = false;

  /** The interval that is described: under the pointer, picked, or the whole range. */
  protected readonly shown = computed(() => {
    const hovered = this.#hovered();
    return sumOf(this.bars(), this.pick() ?? (hovered === null ? null : { anchor: hovered, head: hovered }));
  });

  protected heightOf({ count }: Bar): number {
    // A single event stays visible beside a thousand.
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

  /** The pointer was cancelled: nothing is picked. */
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
