import { Clipboard } from '@angular/cdk/clipboard';
import { TestBed } from '@angular/core/testing';

/** Takes the place of the clipboard, which jsdom has none of, in a console that has yet to start; returns what is copied. */
export const fakeClipboard = ({ works = true } = {}): readonly string[] => {
  const copied: string[] = [];
  const clipboard: Pick<Clipboard, 'copy'> = { copy: (text) => copied.push(text) > 0 && works };
  TestBed.configureTestingModule({ providers: [{ provide: Clipboard, useValue: clipboard }] });
  return copied;
};
