import { Clipboard } from '@angular/cdk/clipboard';
import { TestBed } from '@angular/core/testing';

/** Replaces the clipboard, which jsdom lacks, in a console that has not started yet; returns what is copied. */
export const fakeClipboard = ({ works = true } = {}): readonly string[] => {
  const copied: string[] = [];
  const clipboard: Pick<Clipboard, 'copy'> = { copy: (text) => copied.push(text) > 0 && works };
  TestBed.configureTestingModule({ providers: [{ provide: Clipboard, useValue: clipboard }] });
  return copied;
};
