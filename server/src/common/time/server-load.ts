import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';

const WINDOW_MS = 5_000;

/** How busy this process is. */
@Injectable()
export class ServerLoad {
  #since: EventLoopUtilization = performance.eventLoopUtilization();
  #sinceMs = performance.now();
  #share = 0;

  /** The share of its time that the serving thread worked, 0 to 1, over a window of the last seconds. */
  share(): number {
    const now = performance.now();
    if (now - this.#sinceMs >= WINDOW_MS) {
      const total = performance.eventLoopUtilization();
      this.#share = performance.eventLoopUtilization(total, this.#since).utilization;
      this.#since = total;
      this.#sinceMs = now;
    }
    return this.#share;
  }
}
