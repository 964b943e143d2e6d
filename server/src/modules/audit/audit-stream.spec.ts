import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '../../../test/support/fake-clock.js';
import { LineWriter } from './audit-stream.js';

describe('LineSink', () => {
  let folder: string;
  const clock = new FakeClock();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opstage-lines-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const read = (file: string): string => readFileSync(file, 'utf8');

  it('appends each line to a file that only its owner can read, and has written them when it is closed', async () => {
    const file = join(folder, 'lines');
    for (const lines of [['one', 'two'], ['three']]) {
      const sink = new LineWriter(file, clock);
      for (const line of lines) sink.write(line);
      await sink.close();
    }
    expect(read(file)).toBe('one\ntwo\nthree\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('goes on, on a line of its own, once a file can be written again', async () => {
    const file = join(folder, 'missing', 'lines');
    const sink = new LineWriter(file, clock);
    sink.write('lost');
    await sink.close();
    mkdirSync(join(folder, 'missing'));
    sink.write('too soon');
    clock.advance(2);
    sink.write('kept');
    await sink.close();
    expect(read(file)).toBe('\nkept\n');
  });

  it('outlives a full disk and a reader that is gone', async () => {
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
