import { TestBed } from '@angular/core/testing';
import type { CommandProgress } from '#contracts';
import { NOW } from '../../../../testing/builders';
import { screenOf, startConsole } from '../../../../testing/console';
import { CommandProgressView } from './command-progress';

const LINE_PX = 20;
const SEEN_PX = 60;

const aProgress = (overrides: Partial<CommandProgress> = {}): CommandProgress => ({
  percent: null,
  message: null,
  log: [],
  updatedAt: NOW,
  ...overrides,
});

const draw = async (progress: CommandProgress | null, isOpen = true) => {
  startConsole();
  const fixture = TestBed.createComponent(CommandProgressView);
  const show = async (next: CommandProgress | null) => {
    fixture.componentRef.setInput('progress', next);
    return screenOf(fixture);
  };
  fixture.componentRef.setInput('isOpen', isOpen);
  return { screen: await show(progress), show };
};

const lines = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `line ${String(i + 1)}`);

/** Gives the log a height, which nothing has here. */
const lay = (log: HTMLElement): void => {
  Object.defineProperties(log, {
    clientHeight: { value: SEEN_PX },
    scrollHeight: { get: () => log.querySelectorAll('.line').length * LINE_PX },
  });
};

describe('CommandProgressView', () => {
  it('only says that it is under way until the agent says more', async () => {
    const { screen } = await draw(null);
    const bar = screen.one('[role=progressbar]');
    expect(bar.getAttribute('aria-label')).toBe('The command is under way');
    expect(bar.hasAttribute('aria-valuenow')).toBe(false);
    expect(screen.text).toBe('');
  });

  it('says how far it is, and with what', async () => {
    const { screen } = await draw(aProgress({ percent: 40, message: 'Shelf 2 of 5' }));
    expect(screen.one('[role=progressbar]').getAttribute('aria-valuenow')).toBe('40');
    expect(screen.text).toContain('40 %');
    expect(screen.one('[role=status]').textContent).toBe('Shelf 2 of 5');
  });

  it('shows what was logged as plain text, line by line', async () => {
    const { screen } = await draw(aProgress({ log: ['<b>one</b>', '  two'] }));
    const log = screen.one('[role=region]');
    expect(log.getAttribute('aria-label')).toBe('Log');
    expect(log.textContent).toBe('<b>one</b>\n  two\n');
  });

  it('follows the end of the log', async () => {
    const { screen, show } = await draw(aProgress({ log: lines(5) }));
    const log = screen.one('[role=region]');
    lay(log);
    await show(aProgress({ log: lines(9) }));
    expect(log.scrollTop).toBe(9 * LINE_PX);
  });

  it('stays where somebody has scrolled up to, until they are back at the end', async () => {
    const { screen, show } = await draw(aProgress({ log: lines(5) }));
    const log = screen.one('[role=region]');
    lay(log);
    const scrollTo = (px: number): void => {
      log.scrollTop = px;
      log.dispatchEvent(new Event('scroll'));
    };
    scrollTo(10);
    await show(aProgress({ log: lines(9) }));
    expect(log.scrollTop).toBe(10);
    scrollTo(9 * LINE_PX - SEEN_PX);
    await show(aProgress({ log: lines(12) }));
    expect(log.scrollTop).toBe(12 * LINE_PX);
  });

  it('keeps only the log once it is over', async () => {
    const { screen } = await draw(aProgress({ percent: 100, message: 'Nearly', log: ['done'] }), false);
    expect(screen.all('[role=progressbar]')).toEqual([]);
    expect(screen.all('[role=status]')).toEqual([]);
    expect(screen.one('[role=region]').textContent).toBe('done\n');
  });
});
