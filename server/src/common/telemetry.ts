import { Injectable } from '@nestjs/common';

/** Hears of what is measured while it happens. */
export interface MetricsObserver {
  /** A request that was answered, or whose caller had gone: then `status` is `aborted`. */
  onRequest(request: MeasuredRequest, seconds: number): void;
  /** From the creation of a command until its agent had claimed it. */
  onDispatch(seconds: number): void;
  onSweep(job: string, result: 'success' | 'failure', seconds: number): void;
}

export interface MeasuredRequest {
  /** The template of its route. */
  readonly route: string;
  readonly method: string;
  readonly status: number | 'aborted';
}

/** Where parts of the server say what is worth measuring. Nobody hears it unless metrics are asked for. */
@Injectable()
export class Metrics {
  #observer: MetricsObserver | null = null;

  /** From now on tells `observer`, and nobody else. */
  observe(observer: MetricsObserver): void {
    this.#observer = observer;
  }

  requested(request: MeasuredRequest, seconds: number): void {
    this.#observer?.onRequest(request, seconds);
  }

  dispatched(seconds: number): void {
    this.#observer?.onDispatch(seconds);
  }

  swept(job: string, result: 'success' | 'failure', seconds: number): void {
    this.#observer?.onSweep(job, result, seconds);
  }
}
