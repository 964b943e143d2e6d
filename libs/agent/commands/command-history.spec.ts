import { writeFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryCommandJournal } from './command-journal.js';
import { FileCommandJournal } from './file-command-journal.js';
import { eventually } from '../testing/eventually.js';
import { heldHandler } from '../testing/held-handler.js';
import { TestBench, aCommand } from '../testing/test-agent.js';
import { FileTokenStore } from '../connection/token-store.js';

const WORK = { name: 'work', label: 'Work' };

describe('The history of commands', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-history-'));
  let bench: TestBench;

  beforeEach(async () => {
    bench = await TestBench.open();
  });

  afterEach(() => bench.close());

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const resultOf = ({ id }: { readonly id: string }) => eventually(() => bench.server.results.get(id), 'the result');

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
    await eventually(() => journal().includes(`{"event":"settled","commandId":"${command.id}"}`), 'the entry');
  });

  it('is kept where the service wants it', async () => {
    const journal = new MemoryCommandJournal();
    const { command, agent } = await workOnce({ journal });
    await agent.stop();
    expect((await journal.open()).entries).toEqual([{ event: 'settled', commandId: command.id }]);
  });

  it('has a command begun on record before its handler runs', async () => {
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

  it('leaves to the next agent what this one could not deliver before it stopped', async () => {
    const journal = new MemoryCommandJournal();
    const held = heldHandler();
    const options = { journal, timeouts: { stopSeconds: 0.05 } };
    const { agent } = await bench.start(options, (made) => made.action(WORK, held.handler));
    const command = aCommand();
    bench.server.give(command);
    await eventually(() => held.started.length, 'the handler');
    await bench.server.stop();
    held.end();
    await agent.stop();
    await bench.restartServer();
    await bench.start({ journal });
    expect(await resultOf(command)).toMatchObject({ success: true, data: { done: true } });
  });

  it('does not keep the agent from working when its journal is damaged, and says so', async () => {
    const path = join(folder, 'damaged.jsonl');
    writeFileSync(path, 'x\ny\n');
    const { logged } = await workOnce({ journal: new FileCommandJournal(path) });
    expect(logged('is damaged')).toMatchObject([{ level: 'error' }]);
  });

  it('does not keep the agent from working when its journal cannot be written, and says so once', async () => {
    const journal = new MemoryCommandJournal();
    journal.open = () => Promise.reject(new Error('The disk is full.'));
    journal.write = () => Promise.reject(new Error('The disk is full.'));
    const { logged } = await workOnce({ journal });
    expect(logged('cannot be kept (The disk is full.)')).toMatchObject([{ level: 'error' }]);
  });
});
