import { Agent, request } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';
import type { DisturbingRequest, Disturbance } from './disturbances.js';

/** The worker thread's data. */
export interface DisturberData {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly disturbance: Disturbance;
}

const { url, headers, disturbance } = workerData as DisturberData;
const agent = new Agent({ keepAlive: true });

/** Sends a request, discards the response body, and returns the status. */
const drain = ({ method, path, body }: DisturbingRequest): Promise<number> =>
  new Promise((resolve, reject) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const call = request(new URL(path, url), { method, agent, headers: { ...headers, ...type } }, (answer) => {
      answer.resume().once('end', () => {
        resolve(answer.statusCode ?? 0);
      });
      answer.once('error', reject);
    });
    call.once('error', reject).end(body);
  });

const person = async (): Promise<never> => {
  for (let turn = 0; ; turn += 1) {
    const wanted = disturbance.requests[turn % disturbance.requests.length];
    if (wanted) parentPort?.postMessage(await drain(wanted));
  }
};

// Runs until the thread is terminated, or fails when the server stops responding.
await Promise.all(Array.from({ length: disturbance.people }, person));
