import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { screenOf, startConsole } from '../../../testing/console';
import { RowKeys } from './row-keys';

@Component({
  template: `<div opsRowKeys>
    <table>
      <tbody>
        <tr>
          <td><button>copy</button><a class="row-link" href="/one">one</a></td>
        </tr>
        <tr class="detail">
          <td><a href="/detail">detail</a></td>
        </tr>
        <tr>
          <td>nothing to open</td>
        </tr>
        <tr>
          <td><button disabled>off</button><button>two</button></td>
        </tr>
      </tbody>
    </table>
  </div>`,
  imports: [RowKeys],
})
class Rows {}

const open = async () => {
  startConsole();
  const screen = await screenOf(TestBed.createComponent(Rows));
  document.body.append(screen.root);
  return screen;
};

const focused = (): string => document.activeElement?.textContent.trim() ?? '';

describe('RowKeys', () => {
  it('goes to the link of a row, else to what can be done with it, and past what cannot be opened', async () => {
    const screen = await open();
    const visited: string[] = [];
    for (const key of ['j', 'j', 'j', 'k']) {
      await screen.press(key);
      visited.push(focused());
    }
    expect(visited).toEqual(['one', 'two', 'two', 'one']);
  });

  it('begins at the end by k', async () => {
    const screen = await open();
    await screen.press('k');
    expect(focused()).toBe('two');
  });

  it('goes on from wherever in a row the focus is', async () => {
    const screen = await open();
    screen.named('copy').focus();
    await screen.press('j');
    expect(focused()).toBe('two');
  });
});
