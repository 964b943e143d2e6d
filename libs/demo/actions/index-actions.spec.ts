import type { AgentCommand } from '#contracts';
import { DemoState } from '../demo-state.js';
import { indexActions } from './index-actions.js';

describe('rebuildIndex', () => {
  let said: (readonly unknown[])[];
  let lines: string[];

  beforeEach(() => {
    said = [];
    lines = [];
  });

  const rebuild = async (shelfMs: number, signal: AbortSignal) =>
    indexActions(new DemoState(), shelfMs)[0]?.handler({
      command: {} as AgentCommand,
      payload: {},
      signal,
      log: (line) => lines.push(line),
      progress: (...progress) => said.push(progress),
    });

  it('reports progress throughout, and logs every item', async () => {
    const answer = await rebuild(1, new AbortController().signal);
    expect(answer).toEqual({ message: 'Indexed 5 items by 12 words.', data: { items: 5, words: 12 } });
    expect(said).toHaveLength(20);
    expect(said[0]).toEqual([5, 'Shelf 1 of 20']);
    expect(said.at(-1)).toEqual([100, 'Shelf 20 of 20']);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe('Indexed Torque wrench.');
  });

  it('stops immediately when it is cancelled', async () => {
    const controller = new AbortController();
    const work = rebuild(60_000, controller.signal);
    controller.abort();
    await expect(work).rejects.toMatchObject({ code: 'ABORT_ERR' });
    expect(said).toEqual([]);
  });
});
