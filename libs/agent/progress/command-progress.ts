import type { CommandProgressRequest } from '../../contracts/index.js';
import { Backoff } from '../base/backoff.js';
import { LineBuffer, linesToSend, truncate } from '../base/line-buffer.js';
import { endsWithin, sleep } from '../base/waiting.js';

/** Minimum interval between two requests about one command. */
const INTERVAL_SECONDS = 1;
/** Progress reported within this time is sent in one request. */
const BATCH_SECONDS = 0.1;
/** How long a result waits for the last progress request. */
const FLUSH_SECONDS = 2;
const RETRY_MAX_SECONDS = 30;
const MAX_MESSAGE_LENGTH = 500;
/** After as many refusals in a row of what it says, a request is dropped: the next says something else. */
const MAX_REFUSALS = 2;

/** What became of a progress request: accepted, refused for its content, no further progress wanted, or failed for now. */
export type ProgressOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unwanted' }
  | { readonly kind: 'failed'; readonly retryAfterSeconds: number };

/** How progress reaches the server. */
export interface ProgressChannel {
  /** Aborts when no more progress of any command is to be sent. */
  readonly closed: AbortSignal;
  readonly isOpen: boolean;
  /** Resolves when the channel is open, or `signal` aborts. */
  whenOpen(signal: AbortSignal): Promise<void>;
  /** Never rejects. */
  send(commandId: string, progress: CommandProgressRequest): Promise<ProgressOutcome>;
}

/**
 * The progress of one command: collects what its handler reports and sends it in batches. It never fails the handler
 * and delays its result by two seconds at most.
 */
export class CommandProgress {
  private readonly lines = new LineBuffer();
  private readonly ending = new AbortController();
  private readonly backoff = new Backoff(INTERVAL_SECONDS, RETRY_MAX_SECONDS);
  private state: Pick<CommandProgressRequest, 'percent' | 'message'> = {};
  private isWanted = true;
  private refusals = 0;
  private delivery: Promise<void> | null = null;
  /** Monotonic clock, in milliseconds, like `retryAfterAt`. */
  private nextAt = 0;
  private retryAfterAt = 0;

  constructor(
    private readonly commandId: string,
    private readonly channel: ProgressChannel,
    private readonly mask: (text: string) => string = (text) => text,
  ) {}

  /** Sets percent and message; an omitted or invalid value keeps its last one. */
  report(percent?: number, message?: string): void {
    if (typeof percent === 'number' && !Number.isNaN(percent))
      this.state = { ...this.state, percent: Math.round(Math.min(100, Math.max(0, percent))) };
    if (message !== undefined) this.state = { ...this.state, message: truncate(message, MAX_MESSAGE_LENGTH) };
    this.scheduleDelivery();
  }

  /** Adds a line to the command's log. */
  addLine(line: string): void {
    this.lines.add(line);
    this.scheduleDelivery();
  }

  /** Sends what is pending and accepts nothing more. Never rejects. */
  async flush(): Promise<void> {
    this.ending.abort();
    await endsWithin(this.finish(), FLUSH_SECONDS);
  }

  private get hasPending(): boolean {
    return !this.lines.isEmpty || Object.keys(this.state).length > 0;
  }

  private scheduleDelivery(): void {
    if (this.ending.signal.aborted || !this.hasPending) return;
    this.delivery ??= this.deliver(AbortSignal.any([this.ending.signal, this.channel.closed]))
      .catch(() => undefined)
      .finally(() => {
        this.delivery = null;
      });
  }

  private async deliver(ended: AbortSignal): Promise<void> {
    do {
      await sleep(Math.max(BATCH_SECONDS, (this.nextAt - performance.now()) / 1000), ended);
      await this.channel.whenOpen(ended);
      // `flush` sends the rest.
      if (ended.aborted) return;
      await this.send();
    } while (this.hasPending);
  }

  private async finish(): Promise<void> {
    await this.delivery;
    const maySend = this.isWanted && this.channel.isOpen && performance.now() >= this.retryAfterAt;
    if (this.hasPending && maySend) await this.send();
  }

  private async send(): Promise<void> {
    const taken = this.lines.take();
    const { state } = this;
    this.state = {};
    // Masked again: the handler may have revealed a secret that was unknown when it reported these.
    const log = taken.lines.length > 0 ? linesToSend(taken).map(this.mask) : undefined;
    const message = state.message === undefined ? undefined : this.mask(state.message);
    this.nextAt = performance.now() + INTERVAL_SECONDS * 1000;
    const outcome = await this.channel.send(this.commandId, { ...state, message, log });
    this.refusals = outcome.kind === 'refused' ? this.refusals + 1 : 0;
    if (outcome.kind === 'accepted') {
      this.backoff.reset();
    } else if (outcome.kind === 'unwanted') {
      this.isWanted = false;
      this.ending.abort();
    } else {
      if (this.refusals < MAX_REFUSALS) {
        // Values reported since are newer.
        this.state = { ...state, ...this.state };
        this.lines.putBack(taken);
      }
      this.backOff(outcome.kind === 'failed' ? outcome.retryAfterSeconds : 0);
    }
  }

  private backOff(retryAfterSeconds: number): void {
    const seconds = Math.max(INTERVAL_SECONDS, this.backoff.nextSeconds(retryAfterSeconds));
    this.nextAt = performance.now() + seconds * 1000;
    if (retryAfterSeconds > 0) this.retryAfterAt = this.nextAt;
  }
}
