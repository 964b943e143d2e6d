import type { CommandDetail, CommandId } from '#contracts';
import type { Target } from '../target.js';
import { ChangeStream } from './change-stream.js';

/** Waits, as an operator's console does, until a command's result can be read. */
export class ResultWatch {
  readonly #nudges = new Map<string, () => void>();
  #stream: ChangeStream | null = null;

  private constructor(private readonly target: Target) {}

  static async open(target: Target): Promise<ResultWatch> {
    const watch = new ResultWatch(target);
    watch.#stream = await ChangeStream.open(target, (id) => watch.#nudges.get(id)?.());
    return watch;
  }

  /** How it learns of changes. */
  get means(): string {
    return this.#stream ? 'the event stream' : 'reading the command again and again';
  }

  /** Resolves once the command reads SUCCEEDED. */
  async result(id: CommandId): Promise<void> {
    const request = this.target.request('GET', `/api/admin/commands/${id}`);
    for (;;) {
      // Before the read: a change that comes meanwhile must not be missed.
      const changed = new Promise<void>((resolve) => this.#nudges.set(id, resolve));
      if ((await this.target.ask<CommandDetail>(request)).status === 'SUCCEEDED') break;
      if (this.#stream) await changed;
    }
    this.#nudges.delete(id);
  }

  close(): void {
    this.#stream?.close();
  }
}
