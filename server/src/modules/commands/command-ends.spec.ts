import type { CommandId } from '#contracts';
import type { Tx } from '../../database/tx.js';
import { CommandEnds } from './command-ends.js';

const ID: CommandId = 'cmd_1';
const LONG_MS = 60_000;

/** A transaction that commits when it is told to. */
const aTransaction = (): { readonly tx: Tx; readonly commit: () => void } => {
  const callbacks: (() => void)[] = [];
  const tx = { afterCommit: (callback: () => void) => callbacks.push(callback) } as unknown as Tx;
  const commit = (): void => {
    for (const callback of callbacks) callback();
  };
  return { tx, commit };
};

describe('waiting for the end of a command', () => {
  it('ends for all who wait, the moment the end is committed', async () => {
    const ends = new CommandEnds();
    const waiting = [ends.wait(ID, LONG_MS), ends.wait(ID, LONG_MS)];
    const { tx, commit } = aTransaction();
    ends.announce(tx, ID);
    commit();
    expect(await Promise.all(waiting)).toEqual([true, true]);
  });

  it('does not end by a transaction that was rolled back, nor by another command', async () => {
    const ends = new CommandEnds();
    const waiting = ends.wait(ID, 20);
    ends.announce(aTransaction().tx, ID);
    const other = aTransaction();
    ends.announce(other.tx, 'cmd_2');
    other.commit();
    expect(await waiting).toBe(false);
  });

  it('ends when the server shuts down', async () => {
    const ends = new CommandEnds();
    const waiting = ends.wait(ID, LONG_MS);
    ends.onModuleDestroy();
    await expect(waiting).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});
