import { computed, inject, Injectable, linkedSignal, signal } from '@angular/core';
import { rxResource, toObservable, toSignal } from '@angular/core/rxjs-interop';
import { debounceTime } from 'rxjs';
import { toApiError } from '../api/api-error';
import { Language } from '../i18n/i18n';
import { Texts } from '../i18n/texts';
import { Session } from '../session/session';
import { NAV } from '../shell/nav';
import { PaletteApi, type Found } from './palette-api';
import {
  actionEntry,
  agentEntry,
  commandEntry,
  matches,
  pageEntry,
  PALETTE_GROUPS,
  runEntry,
  serviceEntry,
  type ActionTarget,
  type PaletteEntry,
} from './palette-entry';

const PAUSE_MS = 200;

interface Answer {
  /** The search; null when there is none. */
  readonly text: string | null;
  readonly entries: readonly PaletteEntry[];
}

const NOTHING: Answer = { text: null, entries: [] };

/** The entries for the typed text: pages at once, results of the server after a pause. */
@Injectable()
export class PaletteSearch {
  readonly #api = inject(PaletteApi);
  readonly #session = inject(Session);
  readonly #texts = inject(Texts);
  readonly #language = inject(Language);

  readonly #text = signal('');
  readonly #target = signal<ActionTarget | null>(null);
  readonly #asked = toSignal(toObservable(this.#text).pipe(debounceTime(PAUSE_MS)), { initialValue: '' });

  readonly #found = rxResource({
    params: () => this.#asked() || undefined,
    stream: ({ params }) => this.#api.find(params),
  });
  readonly #actions = rxResource({
    params: () => this.#target()?.id,
    stream: ({ params }) => this.#api.actionsOf(params),
  });

  /** The last result stays until the next one arrives. */
  readonly #answer = linkedSignal<Answer | null, Answer>({
    source: () => {
      if (this.#text() === '') return NOTHING;
      return this.#found.hasValue() ? { text: this.#asked(), entries: this.#entriesOf(this.#found.value()) } : null;
    },
    computation: (now, previous) => now ?? previous?.value ?? NOTHING,
  });

  readonly #pages = computed(() => {
    // Depends on the language.
    this.#language.code();
    return NAV.filter(({ role }) => this.#session.allows(role)).map((item) =>
      pageEntry(item, this.#texts.translate(item.label)),
    );
  });

  readonly #actionEntries = computed(() => {
    const target = this.#target();
    return target && this.#actions.hasValue() ? this.#actions.value().map((action) => actionEntry(action, target)) : [];
  });

  readonly text = this.#text.asReadonly();
  /** The service whose actions are listed, in the second step. */
  readonly target = this.#target.asReadonly();

  /** The entries in the order of their groups. */
  readonly entries = computed(() => {
    const text = this.#text();
    const fits = (entry: PaletteEntry): boolean => matches(entry, text);
    if (this.#target()) return this.#actionEntries().filter(fits);
    const answer = this.#answer();
    // Results of an earlier text stay while they match: the list does not flicker, and Enter opens nothing unexpected.
    const found = answer.text === text ? answer.entries : answer.entries.filter(fits);
    const shown = [...this.#pages().filter(fits), ...found];
    return PALETTE_GROUPS.flatMap((group) => shown.filter((entry) => entry.group === group));
  });

  readonly isSearching = computed(() =>
    this.#target() ? this.#actions.isLoading() : this.#text() !== this.#asked() || this.#found.isLoading(),
  );

  readonly error = computed(() => {
    const thrown = (this.#target() ? this.#actions : this.#found).error();
    return thrown === undefined ? null : toApiError(thrown.cause ?? thrown);
  });

  ask(text: string): void {
    this.#text.set(text.trim());
  }

  /** Opens the actions of a service; null goes back. */
  turnTo(target: ActionTarget | null): void {
    this.#text.set('');
    this.#target.set(target);
  }

  #entriesOf({ agents, services, commands }: Found): readonly PaletteEntry[] {
    const runnable = this.#session.allows('operator') ? services : [];
    return [
      ...services.map(serviceEntry),
      ...runnable.map(runEntry),
      ...agents.map(agentEntry),
      ...commands.map(commandEntry),
    ];
  }
}
