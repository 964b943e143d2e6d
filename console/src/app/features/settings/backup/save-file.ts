import { DOCUMENT, inject, Injectable } from '@angular/core';

/** Long enough for every browser to start the download. */
const KEEP_MS = 60_000;

/** Saves a loaded file on the user's device. */
@Injectable({ providedIn: 'root' })
export class SaveFile {
  readonly #document = inject(DOCUMENT);

  save(name: string, content: Blob): void {
    const url = URL.createObjectURL(content);
    const link = this.#document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => {
      URL.revokeObjectURL(url);
    }, KEEP_MS);
  }
}
