import { TestBed } from '@angular/core/testing';
import type { CommandProgress } from '#contracts';
import { NOW } from '../../../../testing/builders';
import { screenOf, startConsole } from '../../../../testing/console';
import { CommandProgressView } from './command-progress';

const aProgress = (overrides: Partial<CommandProgress> = {}): CommandProgress => ({
  percent: null,
  message: null,
  log: [],
  updatedAt: NOW,
  ...overrides,
});

const draw = (progress: CommandProgress | null) => {
  startConsole();
  const fixture = TestBed.createComponent(CommandProgressView);
  fixture.componentRef.setInput('progress', progress);
  return screenOf(fixture);
};

describe('CommandProgressView', () => {
  it('only says that it is under way until the agent says more', async () => {
    const screen = await draw(null);
    const bar = screen.one('[role=progressbar]');
    expect(bar.getAttribute('aria-label')).toBe('The command is under way');
    expect(bar.hasAttribute('aria-valuenow')).toBe(false);
    expect(screen.text).toBe('');
  });

  it('says how far it is, and with what', async () => {
    const screen = await draw(aProgress({ percent: 40, message: 'Shelf 2 of 5' }));
    expect(screen.one('[role=progressbar]').getAttribute('aria-valuenow')).toBe('40');
    expect(screen.text).toContain('40 %');
    expect(screen.one('[role=status]').textContent).toBe('Shelf 2 of 5');
  });

  it('says what is done of something whose length nobody knows', async () => {
    const screen = await draw(aProgress({ message: 'Line 12' }));
    expect(screen.one('[role=progressbar]').hasAttribute('aria-valuenow')).toBe(false);
    expect(screen.text).toBe('Line 12');
  });
});
