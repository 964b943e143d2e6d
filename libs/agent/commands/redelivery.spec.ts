import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../testing/index.js';
import type { CapsuleAgentOptions } from '../base/types.js';
import type { CapsuleAgent } from '../capsule-agent.js';
import { FileTokenStore } from '../connection/token-store.js';
import { heldHandler } from '../testing/held-handler.js';
import { TestBench, aCommand } from '../testing/test-bench.js';
import { accept, refuse } from '../testing/wire-server.js';
import { MemoryCommandJournal } from './command-journal.js';

const WORK = { name: 'work', label: 'Work' };

describe('Commands whose delivery was lost', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-redelivery-'));
  let bench: TestBench;
  let tokenStore: FileTokenStore;

  beforeEach(async () => {
    bench = await TestBench.open();
    tokenStore = new FileTokenStore(join(mkdtempSync(join(folder, 'agent-')), 'agent-token.json'));
  });

  afterEach(() => bench.close());

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const start = (handler: Parameters<CapsuleAgent['action']>[1], overrides: Partial<CapsuleAgentOptions> = {}) =>
    bench.start({ tokenStore, ...overrides }, (agent) => agent.action(WORK, handler));
  /** What the polls said the agent holds; null for one that says nothing. */
  const holdings = () =>
    bench.server
      .callsOf('poll')
      .map(({ query }) => (query.has('holding') ? query.getAll('holding').filter((id) => id !== '') : null));
  const nextHolding = async () => {
    const before = holdings().length;
    await eventually('a poll', () => holdings().length > before);
    return holdings().at(-1);
  };
  const resultOf = ({ id }: { readonly id: string }) => eventually('the result', () => bench.server.results.get(id));

  it('come again, because every poll names what the agent holds', async () => {
    const held = heldHandler();
    await start(held.handler);
    expect(await nextHolding()).toEqual([]);
    const commands = [aCommand(), aCommand()];
    bench.server.give(...commands);
    await eventually('the handlers', () => held.started.length === 2);
    expect(await nextHolding()).toEqual(commands.map(({ id }) => id));
    held.end();
    await Promise.all(commands.map(resultOf));
    await eventually('nothing held', async () => (await nextHolding())?.length === 0);
  });

  it('are held until the server has the result', async () => {
    bench.server.answerAlways('result', () => refuse(503, 'SERVICE_UNAVAILABLE'));
    const command = aCommand();
    bench.server.give(command);
    await start(() => 'done');
    await eventually('an attempt', () => bench.server.callsOf('result').length > 1);
    expect(await nextHolding()).toEqual([command.id]);
    bench.server.answerAlways('result', null);
    await resultOf(command);
  });

  it('run when they come again, and only once', async () => {
    let runs = 0;
    const command = { ...aCommand(), redelivered: true };
    bench.server.answerAlways('poll', () => accept([command]));
    await start(() => (runs += 1));
    expect(await resultOf(command)).toMatchObject({ success: true, data: { value: 1 } });
    // The server has lost the result: it is told that there was one, and nothing runs.
    bench.server.results.clear();
    expect(await resultOf(command)).toMatchObject({ success: false, error: { code: 'COMMAND_TAKEN_BEFORE' } });
    expect(runs).toBe(1);
  });

  it.each<[string, () => Partial<CapsuleAgentOptions>]>([
    ['has its journal in memory only', () => ({ journal: new MemoryCommandJournal() })],
    [
      'cannot write its journal',
      () => ({
        journal: {
          open: () => Promise.resolve({ entries: [] }),
          write: () => Promise.reject(new Error('The disk is full.')),
          close: () => Promise.resolve(),
        },
      }),
    ],
    [
      'found its journal damaged',
      () => {
        writeFileSync(tokenStore.path.replace(/\.json$/, '.commands.jsonl'), 'not a journal\n\n');
        return {};
      },
    ],
  ])('do not come to an agent that %s: it could run one twice', async (_, overrides) => {
    const command = aCommand();
    await start(() => 'done', overrides());
    await nextHolding();
    bench.server.give(command);
    await resultOf(command);
    expect(await nextHolding()).toBeNull();
  });

  it('do not come to an agent whose journal is gone while its token is not', async () => {
    const first = await start(() => 'done');
    await nextHolding();
    await first.agent.stop();
    rmSync(tokenStore.path.replace(/\.json$/, '.commands.jsonl'));
    await start(() => 'done', { registrationToken: '' });
    expect(await nextHolding()).toBeNull();
  });

  it('do not run when that cannot be recorded', async () => {
    let isFull = false;
    const journal = new (class extends MemoryCommandJournal {
      override write(): Promise<void> {
        return isFull ? Promise.reject(new Error('The disk is full.')) : Promise.resolve();
      }
    })();
    const { open, write, close } = journal;
    await start(() => 'done', { journal: { open: open.bind(journal), write: write.bind(journal), close } });
    expect(await nextHolding()).toEqual([]);
    isFull = true;
    const commands = [aCommand(), aCommand()];
    bench.server.give(commands[0]!);
    expect(await resultOf(commands[0]!)).toMatchObject({ success: false, error: { code: 'JOURNAL_NOT_WRITABLE' } });
    await eventually('a poll that promises nothing', () => holdings().at(-1) === null);
    bench.server.give(commands[1]!);
    expect(await resultOf(commands[1]!)).toMatchObject({ success: true });
  });
});

describe('A held poll on a dead connection', () => {
  it('is given up by the clock of the agent, and followed by another', async () => {
    const bench = await TestBench.open();
    bench.server.longPollSeconds = 1;
    bench.server.answerNext('poll', new Promise(() => undefined) as never);
    const timeouts = { requestSeconds: 0.2, stopSeconds: 0.1 };
    await bench.start({ timeouts }, (agent) => agent.action(WORK, () => 'done'));
    await eventually('the poll', () => bench.server.callsOf('poll').length === 1);
    const command = aCommand();
    bench.server.give(command);
    await eventually('the result', () => bench.server.results.get(command.id));
    expect(bench.server.callsOf('poll')[0]?.closed.aborted).toBe(true);
    await bench.close();
  });
});
