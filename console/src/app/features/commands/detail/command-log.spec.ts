import { TestBed } from '@angular/core/testing';
import { screenOf, startConsole } from '../../../../testing/console';
import { CommandLog } from './command-log';

const LINE_PX = 20;
const SEEN_PX = 60;

const some = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `line ${String(i + 1)}`);

/** Gives the log a height, which nothing has here. */
const lay = (log: HTMLElement): void => {
  Object.defineProperties(log, {
    clientHeight: { value: SEEN_PX },
    scrollHeight: { get: () => log.querySelectorAll('span').length * LINE_PX },
  });
};

const draw = async (lines: readonly string[]) => {
  startConsole();
  const fixture = TestBed.createComponent(CommandLog);
  const show = (next: readonly string[]) => {
    fixture.componentRef.setInput('lines', next);
    return screenOf(fixture);
  };
  const log = (await show(lines)).one('[role=region]');
  lay(log);
  const scrollTo = (px: number): void => {
    log.scrollTop = px;
    log.dispatchEvent(new Event('scroll'));
  };
  return { log, show, scrollTo };
};

describe('CommandLog', () => {
  it('shows what was logged as plain text, line by line', async () => {
    const { log } = await draw(['<b>one</b>', '  two']);
    expect(log.getAttribute('aria-label')).toBe('Log');
    expect(log.textContent).toBe('<b>one</b>\n  two\n');
  });

  it('follows its end', async () => {
    const { log, show } = await draw(some(5));
    await show(some(9));
    expect(log.scrollTop).toBe(9 * LINE_PX);
  });

  it('stays where somebody has scrolled up to, until they are back at the end', async () => {
    const { log, show, scrollTo } = await draw(some(5));
    scrollTo(10);
    await show(some(9));
    expect(log.scrollTop).toBe(10);
    scrollTo(9 * LINE_PX - SEEN_PX);
    await show(some(12));
    expect(log.scrollTop).toBe(12 * LINE_PX);
  });
});
