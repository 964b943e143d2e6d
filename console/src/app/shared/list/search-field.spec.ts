import { TestBed } from '@angular/core/testing';
import { screenOf, startConsole } from '../../../testing/console';
import { SearchField } from './search-field';

const start = async () => {
  startConsole();
  const fixture = TestBed.createComponent(SearchField);
  fixture.componentRef.setInput('label', 'Search agents');
  const said: string[] = [];
  fixture.componentInstance.changed.subscribe((text) => said.push(text));
  const screen = await screenOf(fixture);
  document.body.append(screen.root);
  return { fixture, screen, said };
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('SearchField', () => {
  it('says once what was typed, after a pause and without the blanks around it', async () => {
    const { screen, said } = await start();
    for (const text of ['t', 'ti', ' till ']) await screen.type('input', text);
    expect(said).toEqual([]);
    await pause(300);
    expect(said).toEqual(['till']);
  });

  it('shows the value it is given', async () => {
    const { fixture, screen } = await start();
    fixture.componentRef.setInput('value', 'from the address');
    await screenOf(fixture);
    expect(screen.one<HTMLInputElement>('input').value).toBe('from the address');
  });

  it('takes the focus at a slash, unless something is being typed', async () => {
    const { screen } = await start();
    const other = document.createElement('textarea');
    document.body.append(other);
    other.focus();
    await screen.press('/', other);
    expect(document.activeElement).toBe(other);
    other.blur();
    await screen.press('/', document.body);
    expect(document.activeElement).toBe(screen.one('input'));
    other.remove();
  });

  it('says nothing after it is gone', async () => {
    const { fixture, screen, said } = await start();
    await screen.type('input', 'till');
    fixture.destroy();
    await pause(300);
    expect(said).toEqual([]);
  });
});
