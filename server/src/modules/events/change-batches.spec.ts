import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '#contracts';
import { ChangeBatches } from './change-batches.js';

const setUp = () => {
  const batches: (readonly Change[])[] = [];
  return { batches, changes: new ChangeBatches((batch) => batches.push(batch)) };
};

const command = (id: string, action?: Change['action']): Change => ({
  topic: 'command',
  id,
  ...(action && { action }),
});

describe('ChangeBatches', () => {
  it('delivers each thing once, with its latest change, in the same turn of the event loop', async () => {
    const { batches, changes } = setUp();
    changes.add(command('1', 'command.created'));
    changes.add(command('2'));
    changes.add(command('1', 'command.dispatched'));
    changes.add(command('1'));
    changes.add({ topic: 'audit', id: 'aud_1' });
    changes.add({ topic: 'audit', id: 'aud_2' });
    changes.add({ topic: 'service', id: '1' });
    await nextTurn();
    expect(batches).toEqual([
      [
        command('2'),
        command('1', 'command.dispatched'),
        { topic: 'audit', id: 'aud_2' },
        { topic: 'service', id: '1' },
      ],
    ]);
  });

  it('waits longer under load, and loses nothing', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    const { batches, changes } = setUp();
    for (let i = 0; i < 1_001; i += 1) changes.add(command(`${i}`));
    await nextTurn();
    expect(batches).toHaveLength(1);
    changes.add(command('late'));
    changes.add(command('later'));
    await nextTurn();
    expect(batches).toHaveLength(1);
    jest.advanceTimersByTime(50);
    expect(batches[1]).toEqual([command('late'), command('later')]);
    jest.useRealTimers();
  });
});
