import { writeFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../testing/index.js';
import { FileTokenStore } from '../connection/token-store.js';
import { heldHandler } from '../testing/held-handler.js';
import { TestBench, aCommand } from '../testing/test-bench.js';
import { RecentIds } from './command-history.js';
import { MemoryCommandJournal } from './command-journal.js';
import { FileCommandJournal } from './file-command-journal.js';

const WORK = { name: 'work', label: 'Work' };

describe('CommandHistory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-history-'));
  let bench: TestBench;

  beforeEach(async () => {
    bench = await TestBench.open();
  });

  afterEach(() => bench.close());

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const resultOf = ({ id }: { readonly id: string }) => eventually('the result', () => bench.server.results.get(id));

  const workOnce = async (options: Parameters<TestBench['start']>[0]) => {
    const made = await bench.start(options, (agent) => agent.action(WORK, () => ({ done: true })));
    const command = aCommand();
    bench.server.give(command);
    expect(await resultOf(command)).toMatchObject({ success: true });
    return { ...made, command };
  };

  it('is kept beside the token file', async () => {
    const { command } = await workOnce({ tokenStore: new FileTokenStore(join(folder, 'a', 'token.json')) });
    const journal = () => readFileSync(join(folder, 'a', 'token.commands.jsonl'), 'utf8');
    await eventually('the entry', () => journal().includes(`{"event":"settled","commandId":"${command.id}"}`));
  });

  it('is kept in the journal of the service', async () => {
    const journal = new MemoryCommandJournal();
    const { command, agent } = await workOnce({ journal });
    await agent.stop();
    expect((await journal.open()).entries).toEqual([{ event: 'settled', commandId: command.id }]);
  });

  it('records that a command has started before its handler runs', async () => {
    const journal = new MemoryCommandJournal();
    let recorded: readonly object[] = [];
    await bench.start({ journal }, (agent) =>
      agent.action(WORK, async () => {
        recorded = (await journal.open()).entries;
        return undefined;
      }),
    );
    const command = aCommand();
    bench.server.give(command);
    await resultOf(command);
    expect(recorded).toMatchObject([{ event: 'started', commandId: command.id }]);
  });

  it('has the next agent deliver what this one could not before it stopped', async () => {
    const journal = new MemoryCommandJournal();
    const held = heldHandler();
    const options = { journal, timeouts: { stopSeconds: 0.05 } };
    const { agent } = await bench.start(options, (made) => made.action(WORK, held.handler));
    const command = aCommand();
    bench.server.give(command);
    await eventually('the handler', () => held.started.length);
    await bench.server.stop();
    held.end();
    await agent.stop();
    await bench.restartServer();
    await bench.start({ journal });
    expect(await resultOf(command)).toMatchObject({ success: true, data: { done: true } });
  });

  it('works with a damaged journal, and logs it', async () => {
    const path = join(folder, 'damaged.jsonl');
    writeFileSync(path, 'x\ny\n');
    const { logged } = await workOnce({ journal: new FileCommandJournal(path) });
    expect(logged('is damaged')).toMatchObject([{ level: 'error' }]);
  });

  it('works without a writable journal, and logs that once', async () => {
    const journal = new MemoryCommandJournal();
    journal.open = () => Promise.reject(new Error('The disk is full.'));
    journal.write = () => Promise.reject(new Error('The disk is full.'));
    const { logged } = await workOnce({ journal });
    expect(logged('cannot be written (The disk is full.)')).toMatchObject([{ level: 'error' }]);
  });
});

describe('RecentIds', () => {
  it('recognises an id until enough newer ones have been added', () => {
    const ids = new RecentIds(2);
    expect(ids.add('a')).toBe(true);
    expect(ids.add('a')).toBe(false);
    ids.add('b');
    expect(ids.add('a')).toBe(false);
    ids.add('c');
    expect(ids.add('a')).toBe(true);
  });
});
