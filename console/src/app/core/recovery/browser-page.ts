import { Injectable } from '@angular/core';

/** Leaves the page that is open. Tests replace it, because jsdom cannot navigate. */
@Injectable({ providedIn: 'root' })
export class BrowserPage {
  /** Loads this address as a new document; all state in memory is lost. */
  open(url: string): void {
    location.assign(url);
  }

  /** Loads the page again, with the files the server has now. */
  reload(): void {
    location.reload();
  }
}
