import { askFor } from './danger-ladder';

describe('askFor', () => {
  it.each([
    ['LOW', false, false, 'nothing'],
    ['LOW', true, false, 'confirm'],
    ['LOW', false, true, 'confirm'],
    ['MEDIUM', false, false, 'confirm'],
    ['HIGH', false, false, 'typed'],
    ['HIGH', true, true, 'typed'],
  ] as const)('%s, requires confirmation %p, asked for %p: %s', (dangerLevel, requiresConfirmation, asked, ask) => {
    expect(askFor({ dangerLevel, requiresConfirmation }, asked)).toBe(ask);
  });
});
