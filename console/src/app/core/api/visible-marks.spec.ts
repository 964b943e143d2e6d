import { withVisibleMarks } from './visible-marks';

describe('marks that change the order a text is read in', () => {
  it('are spelled out, in keys too, at any depth', () => {
    expect(withVisibleMarks({ 'a\u2066': ['x\u202Egpj.exe', 1, null, { b: '\u2069' }] })).toEqual({
      'a⟨U+2066⟩': ['x⟨U+202E⟩gpj.exe', 1, null, { b: '⟨U+2069⟩' }],
    });
  });

  it('are all there is to change: script from right to left stays as it is', () => {
    const value = { name: 'שירות \u200Fגיבוי', other: 'خدمة', n: 1.5, none: null, yes: true };
    expect(withVisibleMarks(value)).toEqual(value);
  });
});
