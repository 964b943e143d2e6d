import { computed, inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { TranslocoService } from '@jsverse/transloco';
import type { SafetyFinding } from '#contracts';

/** Says a finding in the user's language; in the server's words where this console has none. */
@Injectable({ providedIn: 'root' })
export class SafetyWords {
  readonly #transloco = inject(TranslocoService);
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

  /** Of a check that could not be made, all say the same. */
  #say(key: string, otherwise: string, values: SafetyFinding['values'] = {}): string {
    const general = key.replace(/\.[\w-]+\.unreadable$/, '.unreadable');
    return Object.hasOwn(this.#known(), general) ? this.#transloco.translate(general, values) : otherwise;
  }
}
