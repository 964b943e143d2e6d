import type { CommandProgressRequest } from '../../contracts/index.js';
import { CommandProgress, type ProgressOutcome } from './command-progress.js';

/** A channel that answers every request immediately. */
class Channel {
  readonly closed = new AbortController().signal;
  readonly isOpen = true;
  readonly sent: CommandProgressRequest[] = [];
  answers: ProgressOutcome[] = [];

  whenOpen(): Promise<void> {
    return Promise.resolve();
  }

  send(_commandId: string, progress: CommandProgressRequest): Promise<ProgressOutcome> {
    this.sent.push(progress);
    return Promise.resolve(this.answers.shift() ?? { kind: 'accepted' });
  }
}

describe('CommandProgress', () => {
  let channel: Channel;
  let progress: CommandProgress;

  beforeEach(() => {
    jest.useFakeTimers();
    channel = new Channel();
    progress = new CommandProgress('cmd_1', channel);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1000);

  it('is sent at most once a second, however much is reported, and ends with the latest values', async () => {
    for (let step = 0; step < 100; step += 1) {
      progress.report(step, `Step ${step}`);
      progress.addLine(`line ${step}`);
      await seconds(0.05);
    }
    await progress.flush();
    expect(channel.sent.length).toBeLessThanOrEqual(6);
    expect(channel.sent.at(-1)).toMatchObject({ percent: 99, message: 'Step 99' });
    expect(channel.sent.flatMap(({ log = [] }) => log)).toHaveLength(100);
  });

  it('is not repeated while nothing changes', async () => {
    progress.report(50);
    await seconds(60);
    await progress.flush();
    expect(channel.sent).toEqual([{ percent: 50 }]);
  });

  it.each([
    [-1, 0],
    [0, 0],
    [49.6, 50],
    [1000, 100],
    [Infinity, 100],
  ])('takes %d percent for %d', async (said, sent) => {
    progress.report(said);
    await progress.flush();
    expect(channel.sent).toEqual([{ percent: sent }]);
  });

  it('sends nothing when nothing was reported', async () => {
    progress.report();
    progress.report(NaN);
    await progress.flush();
    expect(channel.sent).toEqual([]);
  });

  it('keeps what the server could not accept, below newer values, for as long as its Retry-After says', async () => {
    channel.answers = [{ kind: 'failed', retryAfterSeconds: 10 }];
    progress.report(10, 'Reading');
    progress.addLine('first');
    await seconds(0.2);
    progress.report(20);
    progress.addLine('second');
    await seconds(9);
    expect(channel.sent).toHaveLength(1);
    await seconds(2.5);
    expect(channel.sent[1]).toEqual({ percent: 20, message: 'Reading', log: ['first', 'second'] });
  });

  it('honours a Retry-After even at the end', async () => {
    channel.answers = [{ kind: 'failed', retryAfterSeconds: 10 }];
    progress.report(10);
    await seconds(1);
    await progress.flush();
    expect(channel.sent).toHaveLength(1);
  });

  it('ends when the server wants no more of it, or the handler has finished', async () => {
    channel.answers = [{ kind: 'unwanted' }];
    progress.report(10);
    await seconds(1);
    progress.report(20);
    await seconds(5);
    await progress.flush();
    progress.report(30);
    await seconds(5);
    expect(channel.sent).toEqual([{ percent: 10 }]);
  });
});
