import type { Change, CommandId } from '#contracts';
import type { Tx } from '../../../database/tx.js';
import { ChangeFeed } from '../../changes/change-feed.js';
import type { CommandsRepository } from '../commands.repository.js';
import { CommandWaiters } from './command-waiters.js';

const ID: CommandId = 'cmd_1';
const LONG_MS = 60_000;

const ended = (id: CommandId): Change => ({ topic: 'command', id, action: 'command.completed' });

/** A transaction that commits on demand. */
const aTransaction = (): { readonly tx: Tx; readonly commit: () => void } => {
  const callbacks: (() => void)[] = [];
  const tx = { afterCommit: (callback: () => void) => callbacks.push(callback) } as unknown as Tx;
  const commit = (): void => {
    for (const callback of callbacks) callback();
  };
  return { tx, commit };
};

/** `endedIds` are the commands whose end was not published. */
const setUp = (
  endedIds: readonly CommandId[] = [],
): { readonly changes: ChangeFeed; readonly waiters: CommandWaiters } => {
  const changes = new ChangeFeed();
  const listEnded = (ids: readonly CommandId[]) => Promise.resolve(ids.filter((id) => endedIds.includes(id)));
  return { changes, waiters: new CommandWaiters(changes, { listEnded } as CommandsRepository) };
};

describe('waiting for the end of a command', () => {
  it('ends for all waiters the moment the end is committed', async () => {
    const { changes, waiters } = setUp();
    const waiting = [waiters.waitForEnd(ID, LONG_MS), waiters.waitForEnd(ID, LONG_MS)];
    const { tx, commit } = aTransaction();
    changes.publish(tx, ended(ID));
    commit();
    expect(await Promise.all(waiting)).toEqual([true, true]);
  });

  it('does not end when the transaction is rolled back, when another command ends, or for another change', async () => {
    const { changes, waiters } = setUp();
    const waiting = waiters.waitForEnd(ID, 20);
    changes.publish(aTransaction().tx, ended(ID));
    changes.receive(ended('cmd_2'));
    changes.receive({ topic: 'command', id: ID, action: 'command.dispatched' });
    expect(await waiting).toBe(false);
  });

  it('ends when another replica publishes the end', async () => {
    const { changes, waiters } = setUp();
    const waiting = waiters.waitForEnd(ID, LONG_MS);
    changes.receive(ended(ID));
    expect(await waiting).toBe(true);
  });

  it('queries the database when changes may have been missed', async () => {
    const { changes, waiters } = setUp([ID]);
    const [gone, open] = [waiters.waitForEnd(ID, LONG_MS), waiters.waitForEnd('cmd_2', 50)];
    changes.reportGap();
    expect(await Promise.all([gone, open])).toEqual([true, false]);
  });

  it('ends when the server shuts down', async () => {
    const { waiters } = setUp();
    const waiting = waiters.waitForEnd(ID, LONG_MS);
    waiters.onModuleDestroy();
    await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
