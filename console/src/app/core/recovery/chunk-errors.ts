import { inject, Injectable } from '@angular/core';
import { BrowserPage } from './browser-page';

/** How browsers word a script that could not be loaded, usually because an update of the server replaced it. */
const WORDINGS = /dynamically imported module|importing a module script failed|error loading dynamically/i;

const KEY = 'opstage.chunkReloadAt';
/** A second failure within this time is not cured by another reload. */
const PAUSE_MS = 30_000;

/** Whether a part of the console could not be loaded. */
export const isChunkError = (thrown: unknown): boolean => thrown instanceof Error && WORDINGS.test(thrown.message);

/** Recovers a console that was open while the server was updated, whose files are gone. */
@Injectable({ providedIn: 'root' })
export class ChunkErrors {
  readonly #page = inject(BrowserPage);

  /** Loads the page that could not be opened as a new document, with the new files; false when that just failed. */
  reopen(url: string): boolean {
    if (this.#hasJustReloaded()) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
    this.#page.open(url);
    return true;
  }

  #hasJustReloaded(): boolean {
    return Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < PAUSE_MS;
  }
}
