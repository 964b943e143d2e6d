import { TestBed } from '@angular/core/testing';
import { settled } from '../../../../testing/backend';
import { screenOf, startConsole } from '../../../../testing/console';
import { JsonTree } from './json-tree';

const draw = async (value: unknown) => {
  startConsole();
  const fixture = TestBed.createComponent(JsonTree);
  fixture.componentRef.setInput('value', value);
  return screenOf(fixture);
};

describe('JsonTree', () => {
  it('tells each value by its key, and what holds nothing', async () => {
    const screen = await draw({ name: 'Stock', count: 3, on: false, gone: null, none: [] });
    expect(screen.texts('.leaf')).toEqual(['nameStock', 'count3', 'onfalse', 'gonenull', 'none0 in it']);
  });

  it('opens and closes what holds more', async () => {
    const screen = await draw({ a: { b: { c: 'deep' } } });
    const branch = screen.one('button.branch');
    const opened = branch.getAttribute('aria-expanded') === 'true';
    expect(screen.texts('.key').includes('b')).toBe(opened);
    branch.click();
    await settled();
    expect(branch.getAttribute('aria-expanded')).toBe(String(!opened));
    expect(screen.texts('.key').includes('b')).toBe(!opened);
  });

  it('does not draw ten thousand values at once', async () => {
    const screen = await draw(Array.from({ length: 10_000 }, (_, i) => i));
    const before = screen.all('.leaf').length;
    expect(before).toBeLessThan(1_000);
    await screen.click(screen.names('button').find((name) => name.startsWith('Show more')) ?? '');
    expect(screen.all('.leaf').length).toBe(2 * before);
  });

  it('draws keys and values as text', async () => {
    const said = '<img src=x onerror=alert(1)>';
    const screen = await draw({ [said]: said });
    expect(screen.all('img')).toEqual([]);
    expect(screen.texts('.key')).toEqual([said]);
  });
});
