import { computed, inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { TranslocoService } from '@jsverse/transloco';
import type { SafetyFinding } from '#contracts';
import { Language } from '../../../core/i18n/i18n';

/** The values that are durations, worded with their unit. */
const UNITS: Readonly<Record<string, string>> = { days: 'day', hours: 'hour' };

/** Words a finding in the user's language; falls back to the server's text. */
@Injectable({ providedIn: 'root' })
export class SafetyWords {
  readonly #transloco = inject(TranslocoService);
  readonly #language = inject(Language);
  // Emits when the texts of the chosen language are there.
  readonly #texts = toSignal(this.#transloco.selectTranslation());
  readonly #known = computed(() => this.#texts() ?? {});

  titleOf({ id }: SafetyFinding): string {
    return this.#say(`safety.titles.${id}`, id);
  }

  foundOf({ id, situation, found, values }: SafetyFinding): string {
    return this.#say(`safety.found.${id}.${situation}`, found, values);
  }

  whyOf({ id, whyItMatters }: SafetyFinding): string {
    return this.#say(`safety.why.${id}`, whyItMatters);
  }

  whatToDoOf({ id, situation, whatToDo, values }: SafetyFinding): string | null {
    return whatToDo === null ? null : this.#say(`safety.todo.${id}.${situation}`, whatToDo, values);
  }

  /** All checks that could not run have the same text. */
  #say(key: string, otherwise: string, values?: SafetyFinding['values']): string {
    const general = key.replace(/\.[\w-]+\.unreadable$/, '.unreadable');
    return Object.hasOwn(this.#known(), general) ? this.#transloco.translate(general, this.#worded(values)) : otherwise;
  }

  #worded(values: SafetyFinding['values'] = {}): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const unit = UNITS[name];
        return [name, unit === undefined ? value : this.#time(Number(value), unit)];
      }),
    );
  }

  #time(count: number, unit: string): string {
    // "0 days" is worded as less than one.
    if (count === 0) return this.#transloco.translate(`safety.lessThanOne.${unit}`);
    return new Intl.NumberFormat(this.#language.code(), { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  }
}
