import { TestBed } from '@angular/core/testing';
import { BrowserPage } from '../app/core/recovery/browser-page';

/** Records which pages are loaded instead of loading them; `reload` stands for the same page again. */
export class FakeBrowserPage implements Pick<BrowserPage, keyof BrowserPage> {
  readonly loaded: string[] = [];

  open(url: string): void {
    this.loaded.push(url);
  }

  reload(): void {
    this.loaded.push('reload');
  }
}

/** Replaces the browser's navigation in a console that has not started yet. */
export const fakeBrowserPage = (): FakeBrowserPage => {
  const fake = new FakeBrowserPage();
  TestBed.configureTestingModule({ providers: [{ provide: BrowserPage, useValue: fake }] });
  return fake;
};
