import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isMissingFile } from '../base/private-file.js';
import { messageOf } from '../base/thrown.js';
import { isRunning, parseHolder, thisProcess, type LockHolder } from './lock-holder.js';

const REFRESH_SECONDS = 10;
const SETTLE_MS = 100;
/** A lock of another machine or container that nobody refreshed for this long is left over from a crash. */
const STALE_SECONDS = 35;

/** The nonces of the locks that this process holds. */
const HELD = new Set<string>();

/** What became of an attempt to take a lock. */
export type LockAttempt =
  | { readonly kind: 'taken' }
  | { readonly kind: 'held'; readonly by: string }
  /** The folder does not allow it; the reason is for the log. */
  | { readonly kind: 'impossible'; readonly reason: string };

/** Lets one process at a time use the files of an agent. A lock that a crash left behind is taken over. */
export class ProcessLock {
  private readonly nonce = randomUUID();
  private refreshing: NodeJS.Timeout | null = null;
  /** The lock of another machine, and since when it has not changed, on the monotonic clock in milliseconds. */
  private seen = { mark: '', since: 0 };

  /** `onLost` is called when another process took the lock although this one held it. */
  constructor(
    private readonly path: string,
    private readonly agentCode: string,
    private readonly onLost: () => void,
  ) {}

  /** Takes the lock if nobody holds it. Never rejects. */
  async take(): Promise<LockAttempt> {
    try {
      await mkdir(dirname(this.path), { recursive: true });
      const holder = (await this.create()) ? null : await this.currentHolder();
      if (holder !== null && !(holder.isStale && (await this.takeOver(holder))))
        return { kind: 'held', by: holder.name };
      HELD.add(this.nonce);
      this.refreshing ??= setInterval(() => void this.refresh(), REFRESH_SECONDS * 1000).unref();
      return { kind: 'taken' };
    } catch (error) {
      return { kind: 'impossible', reason: messageOf(error) };
    }
  }

  /** Never rejects. */
  async release(): Promise<void> {
    if (this.refreshing) clearInterval(this.refreshing);
    this.refreshing = null;
    if (!HELD.delete(this.nonce)) return;
    if ((await this.read())?.nonce === this.nonce) await rm(this.path, { force: true }).catch(() => undefined);
  }

  /** Creates the file; false when there is one. */
  private async create(): Promise<boolean> {
    try {
      const file = await open(this.path, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(thisProcess(this.nonce, this.agentCode))}\n`);
      } finally {
        await file.close();
      }
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private async currentHolder(): Promise<{ nonce: string | null; name: string; isStale: boolean }> {
    const holder = await this.read();
    const name = holder ? `process ${holder.pid} on ${holder.host} (agent ${holder.agentCode})` : 'an unknown process';
    if (holder && HELD.has(holder.nonce)) return { nonce: holder.nonce, name, isStale: false };
    const running = holder ? isRunning(holder) : null;
    const isStale = running === null ? await this.isUnchanged(holder) : !running;
    return { nonce: holder?.nonce ?? null, name, isStale };
  }

  /** Whether the lock has not changed for so long, by this process's monotonic clock, that nobody can hold it. */
  private async isUnchanged(holder: LockHolder | null): Promise<boolean> {
    const { mtimeMs } = await stat(this.path).catch(() => ({ mtimeMs: 0 }));
    const mark = `${holder?.nonce} ${mtimeMs}`;
    const now = performance.now();
    if (mark !== this.seen.mark) this.seen = { mark, since: now };
    return now - this.seen.since > STALE_SECONDS * 1000;
  }

  /** Replaces a stale lock; false when somebody else was faster. */
  private async takeOver({ nonce }: { readonly nonce: string | null }): Promise<boolean> {
    const aside = `${this.path}.${randomUUID()}`;
    try {
      await rename(this.path, aside);
    } catch (error) {
      if (!isMissingFile(error)) throw error;
      return false;
    }
    const moved = await this.read(aside);
    // It was taken over a moment ago: put it back, unless a third one was faster.
    if ((moved?.nonce ?? null) !== nonce) await link(aside, this.path).catch(() => undefined);
    await rm(aside, { force: true });
    if ((moved?.nonce ?? null) !== nonce || !(await this.create())) return false;
    // Whoever judged the old lock at the same moment may have moved this one away: the file tells who was last.
    await pause(SETTLE_MS);
    return (await this.read())?.nonce === this.nonce;
  }

  private async refresh(): Promise<void> {
    try {
      const holder = await this.read();
      if (holder?.nonce === this.nonce || (holder === null && (await this.create()))) {
        await utimes(this.path, new Date(), new Date());
        return;
      }
      if (holder !== null) await this.lost();
    } catch {
      // A folder that is away for a moment, such as a network volume.
    }
  }

  private async lost(): Promise<void> {
    await this.release();
    this.onLost();
  }

  private async read(path = this.path): Promise<LockHolder | null> {
    return readFile(path, 'utf8').then(parseHolder, () => null);
  }
}
