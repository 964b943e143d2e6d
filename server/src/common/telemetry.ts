import { Injectable } from '@nestjs/common';

/** Receives measurements as they are taken. */
export interface TelemetryObserver {
  /** A request was answered, or aborted by its client. */
  onRequest(request: MeasuredRequest, seconds: number): void;
  /** A command was claimed this long after its creation. */
  onDispatch(seconds: number): void;
  /** A maintenance job ran. */
  onJob(job: string, result: 'success' | 'failure', seconds: number): void;
}

export interface MeasuredRequest {
  /** The template of its route, such as `/api/admin/agents/:id`. */
  readonly route: string;
  readonly method: string;
  readonly status: number | 'aborted';
}

/** Takes measurements from all parts of the server and passes them to the observer, if metrics are on. */
@Injectable()
export class Telemetry {
  #observer: TelemetryObserver | null = null;
  readonly #counts = { agentCommandPolls: 0, oversizedCommandResultsRejected: 0 };

  /** Counted since the start, whether or not metrics are on. */
  get counts(): Readonly<Record<'agentCommandPolls' | 'oversizedCommandResultsRejected', number>> {
    return this.#counts;
  }

  recordPoll(): void {
    this.#counts.agentCommandPolls += 1;
  }

  recordOversizedResult(): void {
    this.#counts.oversizedCommandResultsRejected += 1;
  }

  /** Sends measurements to this observer from now on. */
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
    this.#observer?.onJob(job, result, seconds);
  }
}
