import type { CommandDetail, CommandId } from '#contracts';
import type { Target } from '../target.js';
import { ChangeStream } from './change-stream.js';

/** Waits for results of commands, as the console does. */
export class ResultWatch {
  readonly #listeners = new Map<string, () => void>();
  #stream: ChangeStream | null = null;

  private constructor(private readonly target: Target) {}

  static async open(target: Target): Promise<ResultWatch> {
    const watch = new ResultWatch(target);
    watch.#stream = await ChangeStream.open(target, (id) => watch.#listeners.get(id)?.());
    return watch;
  }

  /** How it detects changes. */
  get means(): string {
    return this.#stream ? 'the event stream' : 'polling the command';
  }

  /** Resolves once the command reads SUCCEEDED. */
  async result(id: CommandId): Promise<void> {
    const request = this.target.request('GET', `/api/admin/commands/${id}`);
    for (;;) {
      // Set before the read, so that no change during it is missed.
      const changed = new Promise<void>((resolve) => this.#listeners.set(id, resolve));
      if ((await this.target.ask<CommandDetail>(request)).status === 'SUCCEEDED') break;
      if (this.#stream) await changed;
    }
    this.#listeners.delete(id);
  }

  close(): void {
    this.#stream?.close();
  }
}
