import { Injectable } from '@nestjs/common';

/** Hears of what is measured while it happens. */
export interface TelemetryObserver {
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
export class Telemetry {
  #observer: TelemetryObserver | null = null;

  /** From now on tells `observer`, and nobody else. */
  observe(observer: TelemetryObserver): void {
    this.#observer = observer;
  }

  recordRequest(request: MeasuredRequest, seconds: number): void {
    this.#observer?.onRequest(request, seconds);
  }

  recordDispatch(seconds: number): void {
    this.#observer?.onDispatch(seconds);
  }

  recordJob(job: string, result: 'success' | 'failure', seconds: number): void {
    this.#observer?.onSweep(job, result, seconds);
  }
}
