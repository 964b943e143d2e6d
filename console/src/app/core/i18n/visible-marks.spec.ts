import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideVisibleMarks, withVisibleMarks } from './visible-marks';

@Component({
  template: `<p [title]="text" [attr.aria-label]="text">{{ text }}</p>
    <input [value]="text" /><textarea [value]="text"></textarea>`,
})
class Drawn {
  readonly text = 'a\u2067שלום\u2069 \u202Egpj.exe';
}

describe('marks that change the order a text is read in', () => {
  it('are spelled out', () => {
    expect(withVisibleMarks('x\u202Egpj.exe\u2069')).toBe('x⟨U+202E⟩gpj.exe⟨U+2069⟩');
  });

  it('are all there is to change: script from right to left stays as it is', () => {
    const text = 'שירות \u200Fגיבוי خدمة';
    expect(withVisibleMarks(text)).toBe(text);
  });

  it('are spelled out where they are drawn, and kept in fields, which are sent back', () => {
    TestBed.configureTestingModule({ providers: [provideVisibleMarks()] });
    const fixture = TestBed.createComponent(Drawn);
    fixture.detectChanges();
    const root = fixture.nativeElement as HTMLElement;
    const { text } = fixture.componentInstance;
    const paragraph = root.querySelector('p');
    const shown = 'a⟨U+2067⟩שלום⟨U+2069⟩ ⟨U+202E⟩gpj.exe';
    expect([paragraph?.textContent, paragraph?.title, paragraph?.getAttribute('aria-label')]).toEqual([
      shown,
      shown,
      shown,
    ]);
    expect([root.querySelector('input')?.value, root.querySelector('textarea')?.value]).toEqual([text, text]);
  });
});
