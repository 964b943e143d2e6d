import type { CommandProgressRequest } from '#contracts';
import { Backoff } from '../base/backoff.js';
import { LineBuffer, linesToSend, shortened } from '../base/line-buffer.js';
import { endsWithin, sleep } from '../base/waiting.js';

/** Between two requests about one command. */
const INTERVAL_SECONDS = 1;
/** What is said in so short a time goes together. */
const GATHER_SECONDS = 0.1;
/** How long a result waits for the last progress before it. */
const FLUSH_SECONDS = 2;
const RETRY_MAX_SECONDS = 30;
const MAX_MESSAGE_LENGTH = 500;

/** What became of progress that was sent: the server has it, wants no more of it, or could not take it now. */
export type ProgressOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'unwanted' }
  | { readonly kind: 'failed'; readonly retryAfterSeconds: number };

/** The way to the server. */
export interface ProgressChannel {
  /** Aborts when nothing more is to be sent about any command. */
  readonly over: AbortSignal;
  readonly isOpen: boolean;
  /** Resolves when the channel is open, or `signal` aborts. */
  opened(signal: AbortSignal): Promise<void>;
  /** Never rejects. */
  send(commandId: string, progress: CommandProgressRequest): Promise<ProgressOutcome>;
}

/**
 * Has the server learn how one command gets on: gathers what its handler says, and sends it now and then. Nothing here
 * ever fails the handler or keeps its result back for long.
 */
export class CommandProgress {
  private readonly lines = new LineBuffer();
  private readonly ending = new AbortController();
  private readonly backoff = new Backoff(INTERVAL_SECONDS, RETRY_MAX_SECONDS);
  private state: Pick<CommandProgressRequest, 'percent' | 'message'> = {};
  private isWanted = true;
  private delivery: Promise<void> | null = null;
  /** By the monotonic clock, in milliseconds, like `leftAloneUntil`. */
  private nextAt = 0;
  private leftAloneUntil = 0;

  constructor(
    private readonly commandId: string,
    private readonly channel: ProgressChannel,
  ) {}

  /** What is left out, or makes no sense, stays as it was. */
  report(percent?: number, message?: string): void {
    if (typeof percent === 'number' && !Number.isNaN(percent))
      this.state = { ...this.state, percent: Math.round(Math.min(100, Math.max(0, percent))) };
    if (message !== undefined) this.state = { ...this.state, message: shortened(message, MAX_MESSAGE_LENGTH) };
    this.deliverSoon();
  }

  /** Adds a line to the command's log. */
  addLine(line: string): void {
    this.lines.add(line);
    this.deliverSoon();
  }

  /** Sends what is left; from then on nothing more is taken. Never rejects. */
  async flush(): Promise<void> {
    this.ending.abort();
    await endsWithin(this.finish(), FLUSH_SECONDS);
  }

  private get hasNews(): boolean {
    return !this.lines.isEmpty || Object.keys(this.state).length > 0;
  }

  private deliverSoon(): void {
    if (this.ending.signal.aborted || !this.hasNews) return;
    this.delivery ??= this.deliver(AbortSignal.any([this.ending.signal, this.channel.over])).finally(() => {
      this.delivery = null;
    });
  }

  private async deliver(over: AbortSignal): Promise<void> {
    do {
      await sleep(Math.max(GATHER_SECONDS, (this.nextAt - performance.now()) / 1000), over);
      await this.channel.opened(over);
      // The end sends what is left itself.
      if (over.aborted) return;
      await this.send();
    } while (this.hasNews);
  }

  private async finish(): Promise<void> {
    await this.delivery;
    const mayBeSent = this.isWanted && this.channel.isOpen && performance.now() >= this.leftAloneUntil;
    if (this.hasNews && mayBeSent) await this.send();
  }

  private async send(): Promise<void> {
    const taken = this.lines.take();
    const { state } = this;
    this.state = {};
    const log = taken.lines.length > 0 ? linesToSend(taken) : undefined;
    this.nextAt = performance.now() + INTERVAL_SECONDS * 1000;
    const outcome = await this.channel.send(this.commandId, { ...state, log });
    if (outcome.kind === 'taken') this.backoff.reset();
    else if (outcome.kind === 'unwanted') {
      this.isWanted = false;
      this.ending.abort();
    } else {
      // What was said since is newer.
      this.state = { ...state, ...this.state };
      this.lines.putBack(taken);
      this.waitLonger(outcome.retryAfterSeconds);
    }
  }

  private waitLonger(retryAfterSeconds: number): void {
    const seconds = Math.max(INTERVAL_SECONDS, this.backoff.nextSeconds(retryAfterSeconds));
    this.nextAt = performance.now() + seconds * 1000;
    if (retryAfterSeconds > 0) this.leftAloneUntil = this.nextAt;
  }
}
