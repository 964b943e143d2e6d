import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '#testing';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { LineWriter } from './audit-stream.js';

describe('LineWriter', () => {
  let folder: string;
  const clock = new FakeClock();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-lines-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (file: string): string => readFileSync(file, 'utf8');

  it('appends each line to a file that only its owner can read, and has written them all once closed', async () => {
    const file = join(folder, 'lines');
    for (const lines of [['one', 'two'], ['three']]) {
      const writer = new LineWriter(file, clock);
      for (const line of lines) writer.write(line);
      await writer.close();
    }
    expect(read(file)).toBe('one\ntwo\nthree\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('continues on a new line once the file can be written again', async () => {
    const file = join(folder, 'missing', 'lines');
    const writer = new LineWriter(file, clock);
    writer.write('lost');
    await writer.close();
    mkdirSync(join(folder, 'missing'));
    writer.write('too soon');
    clock.advance(2);
    writer.write('kept');
    await writer.close();
    expect(read(file)).toBe('\nkept\n');
  });

  it('goes on in a new file when the old one was moved away', async () => {
    const file = join(folder, 'lines');
    const writer = new LineWriter(file, clock);
    writer.write('before');
    await eventually('it is written', () => existsSync(file) && read(file) === 'before\n');
    renameSync(file, `${file}.1`);
    writer.write('to the old file');
    writer.reopen();
    writer.write('to the new file');
    await writer.close();
    await eventually('both are complete', () => read(`${file}.1`) === 'before\nto the old file\n');
    expect(read(file)).toBe('to the new file\n');
  });

  it('survives a full disk and a reader that is gone', async () => {
    const full = new LineWriter('/dev/full', clock);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('head', ['-n', '1', pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    const gone = new LineWriter(pipe, clock);
    const exit = once(reader, 'exit');
    gone.write('the only line that is read');
    const [first] = (await once(reader.stdout, 'data')) as [Buffer];
    expect(first.toString()).toBe('the only line that is read\n');
    await exit;
    for (let turn = 0; turn < 20; turn += 1) {
      full.write('lost');
      gone.write('lost');
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([full.close(), gone.close()]);
  });
});
