import { uptime } from 'node:os';
import { Clock, type ClockJump } from './clock.js';

/** Smaller steps are followed at once: NTP corrects a drifting clock this way. */
const TOLERANCE_MS = 5_000;
/** A new time is believed once it has agreed with the time since for as long as it jumped, within these bounds. */
const MIN_SETTLE_MS = 60_000;
const MAX_SETTLE_MS = 600_000;
/** Shorter pauses are the event loop at work. */
const MIN_PAUSE_MS = 1_000;
const MAX_PAUSES = 64;

/** Where a clock reads the time, all in milliseconds. */
export interface TimeSource {
  /** The machine's time of day; anybody may set it. */
  wallMs(): number;
  /** Only ever grows, and may stand still while the machine is suspended. */
  monotonicMs(): number;
  /** Only ever grows, and includes suspended time where the system knows about it. */
  uptimeMs(): number;
}

/** The time of this machine. */
export const SYSTEM_TIME: TimeSource = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  uptimeMs: () => uptime() * 1_000,
};

/** How a jump ended: the time came back, it was believed after a while, or an operator confirmed it. */
export type JumpEnd = 'returned' | 'settled' | 'confirmed';

/** A jump that began, with `end` null, or ended. */
export interface JumpNews {
  readonly jump: ClockJump;
  readonly end: JumpEnd | null;
}

interface OpenJump extends ClockJump {
  /** The machine's time minus the monotonic one; the jump starts again when it changes. */
  readonly offset: number;
  readonly agreesSince: number;
}

interface Pause {
  readonly endedAt: number;
  readonly ms: number;
}

/**
 * The machine's time of day, checked against the time since at every reading. When the two disagree, this clock goes on
 * by the time since: nothing expires early and nothing is dated in the future because somebody set the time. It follows
 * the machine's time again once that has come back, has agreed with the time since for a while, or was confirmed. A
 * suspended machine is no disagreement where the system counts suspended time.
 */
export class GuardedClock extends Clock {
  /** The last trusted reading. */
  #trusted: number;
  #trustedAt: number;
  /** The last comparison of both kinds of time since. */
  #checkedAt: number;
  #checkedUptime: number;
  #readAt: number;
  #jump: OpenJump | null = null;
  #storedAhead: number | null = null;
  /** By time; every later one is shorter. */
  #pauses: Pause[] = [];
  #news: JumpNews[] = [];

  constructor(private readonly source: TimeSource = SYSTEM_TIME) {
    super();
    this.#trusted = source.wallMs();
    this.#trustedAt = this.#checkedAt = this.#readAt = source.monotonicMs();
    this.#checkedUptime = source.uptimeMs();
  }

  override now(): Date {
    return new Date(this.#read());
  }

  override elapsedMs(): number {
    return this.source.monotonicMs();
  }

  override resumedAtMs(gapMs: number): number | null {
    this.#read();
    return this.#pauses.findLast(({ ms }) => ms >= gapMs)?.endedAt ?? null;
  }

  /** The disagreement between the machine's time and the time since; null while they agree. */
  get jump(): ClockJump | null {
    this.#read();
    return this.#jump;
  }

  /** Notices pauses and jumps, and what the system says about suspended time; call it about once a second. */
  check(): void {
    this.#read();
    this.#checkedAt = this.source.monotonicMs();
    this.#checkedUptime = this.source.uptimeMs();
  }

  /** The jumps that began or ended since the last call. */
  takeNews(): readonly JumpNews[] {
    return this.#news.splice(0);
  }

  /**
   * Says that something was stored at `instant`, which is still to come: the machine's time is behind. A jump that catches
   * up with it is believed at once.
   */
  expectCatchUp(instant: Date): void {
    this.#storedAhead = instant.getTime();
  }

  /** Believes the machine's time from now on; false when it is believed already. */
  confirm(): boolean {
    const jump = this.#openJump();
    if (jump) this.#end(jump, 'confirmed');
    return jump !== null;
  }

  /** Takes the time since the last reading for time that this process was running. */
  protected skipPause(): void {
    this.#readAt = this.source.monotonicMs();
  }

  #openJump(): OpenJump | null {
    this.#read();
    return this.#jump;
  }

  /** The trusted time of day in milliseconds. Every part of the server asks for it all the time: the usual case is short. */
  #read(): number {
    const wall = this.source.wallMs();
    const at = this.source.monotonicMs();
    if (at - this.#readAt >= MIN_PAUSE_MS) this.#addPause(at, at - this.#readAt);
    this.#readAt = at;
    const expected = this.#trusted + at - this.#trustedAt;
    if (Math.abs(wall - expected) <= TOLERANCE_MS) {
      if (this.#jump) this.#end(this.#jump, 'returned');
      return this.#trust(wall, at);
    }
    return this.#readDisagreeing(wall, at);
  }

  #readDisagreeing(wall: number, at: number): number {
    const suspended = this.#suspendedMs(at);
    const expected = this.#trust(this.#trusted + at - this.#trustedAt + suspended, at);
    if (Math.abs(wall - expected) <= TOLERANCE_MS) {
      if (this.#jump) this.#end(this.#jump, 'returned');
      return this.#trust(wall, at);
    }
    const offset = wall - at;
    if (!this.#jump || Math.abs(offset - this.#jump.offset) > TOLERANCE_MS) this.#begin(wall, expected, at);
    const jump = this.#jump;
    if (!jump) return this.#trusted;
    const settleMs = Math.min(Math.max(Math.abs(jump.byMs), MIN_SETTLE_MS), MAX_SETTLE_MS);
    if (at - jump.agreesSince >= settleMs) this.#end(jump, 'settled');
    return this.#trusted;
  }

  #begin(wall: number, expected: number, at: number): void {
    const byMs = wall - expected;
    const jump = { byMs, noticedAt: new Date(expected), offset: wall - at, agreesSince: at };
    this.#jump = jump;
    // The machine may have stood still without a sign of it: whoever was silent may not have been able to speak.
    this.#addPause(at, Infinity);
    if (this.#storedAhead !== null && wall >= this.#storedAhead - TOLERANCE_MS) {
      this.#storedAhead = null;
      this.#end(jump, 'settled');
      return;
    }
    this.#tell(jump, null);
  }

  #end(jump: OpenJump, end: JumpEnd): void {
    this.#jump = null;
    const at = this.source.monotonicMs();
    this.#trust(this.source.wallMs(), at);
    if (end !== 'returned') this.#addPause(at, Infinity);
    this.#tell(jump, end);
  }

  #tell({ byMs, noticedAt }: OpenJump, end: JumpEnd | null): void {
    if (this.#news.length < MAX_PAUSES) this.#news.push({ jump: { byMs, noticedAt }, end });
  }

  #trust(time: number, at: number): number {
    this.#trusted = time;
    this.#trustedAt = at;
    return time;
  }

  /** How long the machine was suspended since the last comparison, as far as the system counts that. */
  #suspendedMs(at: number): number {
    const up = this.source.uptimeMs();
    const suspended = up - this.#checkedUptime - (at - this.#checkedAt);
    this.#checkedAt = at;
    this.#checkedUptime = up;
    if (suspended < MIN_PAUSE_MS) return 0;
    this.#addPause(at, suspended);
    return suspended;
  }

  #addPause(endedAt: number, ms: number): void {
    this.#pauses = [...this.#pauses.filter((pause) => pause.ms > ms), { endedAt, ms }].slice(-MAX_PAUSES);
  }
}
