import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change } from '#contracts';
import { ChangeBatches } from './change-batches.js';

const setUp = () => {
  const batches: (readonly Change[])[] = [];
  return { batches, gather: new ChangeBatches((changes) => batches.push(changes)) };
};

const command = (id: string, action?: Change['action']): Change => ({
  topic: 'command',
  id,
  ...(action && { action }),
});

describe('batches of changes', () => {
  it('are delivered in the same turn of the loop, each thing once, as it changed last', async () => {
    const { batches, gather } = setUp();
    gather.add(command('1', 'command.created'));
    gather.add(command('2'));
    gather.add(command('1', 'command.dispatched'));
    gather.add(command('1'));
    gather.add({ topic: 'audit', id: 'aud_1' });
    gather.add({ topic: 'audit', id: 'aud_2' });
    gather.add({ topic: 'service', id: '1' });
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

  it('are gathered longer when much happens, and lose nothing', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance'] });
    const { batches, gather } = setUp();
    for (let i = 0; i < 1_001; i += 1) gather.add(command(`${i}`));
    await nextTurn();
    expect(batches).toHaveLength(1);
    gather.add(command('late'));
    gather.add(command('later'));
    await nextTurn();
    expect(batches).toHaveLength(1);
    jest.advanceTimersByTime(50);
    expect(batches[1]).toEqual([command('late'), command('later')]);
    jest.useRealTimers();
  });
});
