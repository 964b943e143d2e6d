import type { Response } from 'express';

/** An answer on its way to whoever asked for it. */
export class Delivery {
  constructor(private readonly response: Response) {}

  /** Nobody waits for the answer any more, and it was not written. */
  get isLost(): boolean {
    return this.response.destroyed && !this.response.writableFinished;
  }

  /** Calls `listener` once if the connection ends before the answer is written; at once if it has. */
  onLost(listener: () => void): void {
    if (this.isLost) {
      listener();
      return;
    }
    this.response.once('close', () => {
      if (!this.response.writableFinished) listener();
    });
  }
}
