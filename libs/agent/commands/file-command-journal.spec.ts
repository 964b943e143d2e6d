import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '../base/types.js';
import { MemoryCommandJournal } from './command-journal.js';
import { FileCommandJournal, journalFileOf } from './file-command-journal.js';

const AT = '2026-11-01T12:00:00.000Z';
const started = (commandId: string): JournalEntry => ({ event: 'started', commandId, at: AT });
const finished = (commandId: string, text = ''): JournalEntry => ({
  event: 'finished',
  commandId,
  result: { success: true, data: { text } },
});
const settled = (commandId: string): JournalEntry => ({ event: 'settled', commandId });

describe('FileCommandJournal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opstage-journal-'));
  const home = join(folder, 'nested');
  const path = join(home, 'agent-token.commands.jsonl');
  const journals: FileCommandJournal[] = [];

  /** Opens a journal, as a starting process does. */
  const open = async () => {
    const journal = new FileCommandJournal(path);
    journals.push(journal);
    return { journal, ...(await journal.open()) };
  };

  /** What a process starting now would load. */
  const found = async () => (await open()).entries;
  const lines = () => readFileSync(path, 'utf8').trimEnd().split('\n');

  afterEach(async () => {
    await Promise.all(journals.splice(0).map((journal) => journal.close()));
    rmSync(home, { recursive: true, force: true });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('gives the next process the last entry of every command, even without having been closed', async () => {
    const { journal, entries } = await open();
    expect(entries).toEqual([]);
    for (const entry of [started('a'), started('b'), finished('a'), started('c'), settled('a')])
      await journal.write(entry);
    expect(await found()).toEqual([started('b'), started('c'), settled('a')]);
    expect(lines()).toHaveLength(3);
  });

  it('appends many concurrent entries in order', async () => {
    const { journal } = await open();
    const entries = Array.from({ length: 50 }, (_, i) => started(`cmd_${i}`));
    await Promise.all(entries.map((entry) => journal.write(entry)));
    expect(lines().map((line) => JSON.parse(line) as unknown)).toEqual(entries);
  });

  it('is a file that only its owner can read, whatever its mode was before', async () => {
    await open();
    chmodSync(path, 0o644);
    const { journal } = await open();
    await journal.write(started('a'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('remembers a bounded number of settled commands', async () => {
    const { journal } = await open();
    await journal.write(started('open'));
    const ids = Array.from({ length: 1500 }, (_, i) => `cmd_${i}`);
    await Promise.all(ids.map((id) => journal.write(settled(id))));
    const entries = await found();
    expect(entries[0]).toEqual(started('open'));
    expect(entries.slice(1)).toEqual(ids.slice(-1000).map(settled));
  });

  it('does not grow without bounds', async () => {
    const { journal } = await open();
    for (let i = 0; i < 30; i += 1) {
      const id = `cmd_${i}`;
      for (const entry of [started(id), finished(id, 'x'.repeat(100_000)), settled(id)]) await journal.write(entry);
      expect(statSync(path).size).toBeLessThan(1_300_000);
    }
    expect(await found()).toHaveLength(30);
  });

  describe('when a process was cut off in the middle of a write', () => {
    it.each([
      ['half a line', '{"event":"finished","commandId":"a","resu'],
      ['a line of another kind', '\0\0\0\0'],
    ])('ignores %s and continues', async (_, torn) => {
      const { journal } = await open();
      await journal.write(started('a'));
      writeFileSync(path, torn, { flag: 'a' });
      const next = await open();
      expect(next.trouble).toBeUndefined();
      expect(next.entries).toEqual([started('a')]);
      await next.journal.write(settled('a'));
      expect(await found()).toEqual([settled('a')]);
    });
  });

  describe('when the file is damaged', () => {
    const line = JSON.stringify(started('a'));

    it.each([
      ['no JSON', 'x'],
      ['another thing', '{"event":"dreamt","commandId":"b"}'],
      ['an entry without a result', '{"event":"finished","commandId":"b"}'],
      ['no object', 'null'],
    ])('reports it, moves the file aside and uses the readable entries: %s', async (_, damage) => {
      mkdirSync(home);
      writeFileSync(path, `${damage}\n${line}\n`);
      const { entries, trouble } = await open();
      expect(entries).toEqual([started('a')]);
      expect(trouble).toContain('is damaged');
      expect(readFileSync(`${path}.damaged`, 'utf8')).toContain(damage);
      expect(lines()).toEqual([line]);
    });

    it('reports it, moves the file aside and starts a new one when it cannot be read at all', async () => {
      mkdirSync(path, { recursive: true });
      const { journal, entries, trouble } = await open();
      expect(entries).toEqual([]);
      expect(trouble).toContain('cannot be read');
      await journal.write(started('a'));
      expect(await found()).toEqual([started('a')]);
    });
  });

  it('reports that it cannot be written, and catches up when it can', async () => {
    writeFileSync(home, 'in the way');
    const { journal, trouble } = await open();
    expect(trouble).toContain('cannot be written');
    await expect(journal.write(started('a'))).rejects.toThrow();
    rmSync(home);
    await journal.write(started('b'));
    expect(await found()).toEqual([started('a'), started('b')]);
  });

  it('does not touch the file after closing, because another agent may be writing it', async () => {
    const { journal } = await open();
    await journal.close();
    rmSync(path);
    await journal.write(started('a'));
    expect(existsSync(path)).toBe(false);
  });

  it('has a different name for every token file', () => {
    expect(journalFileOf('data/agent-token.json')).toBe('data/agent-token.commands.jsonl');
    expect(journalFileOf('data/token')).toBe('data/token.commands.jsonl');
  });
});

describe('MemoryCommandJournal', () => {
  it('gives the next agent of this process what the last one wrote', async () => {
    const journal = new MemoryCommandJournal();
    await journal.write(started('a'));
    await journal.write(settled('a'));
    await journal.close();
    expect(await journal.open()).toEqual({ entries: [settled('a')] });
  });
});
