import { fromLocalInput, toLocalInput } from './local-instant';

describe('local instants', () => {
  it('come back as they went', () => {
    const instant = '2026-03-04T05:06:07.000Z';
    expect(fromLocalInput(toLocalInput(instant))).toBe(instant);
  });

  it.each([[''], ['not a time'], [null], [undefined]])('show nothing for %p', (text) => {
    expect(toLocalInput(text)).toBe('');
  });

  it.each([[''], ['tomorrow']])('are not read from %p', (text) => {
    expect(fromLocalInput(text)).toBeNull();
  });
});
