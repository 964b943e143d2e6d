import { ApiClient, RoundRobin } from '#testing';
import type { AppConfig } from '../../src/config/app-config.js';
import { aStartedPlace, startTestApp, type TestApp, type TestPlace } from './start-test-app.js';

/** Two servers on one PostgreSQL, and a load balancer in front of them. */
export interface Replicas {
  readonly place: TestPlace;
  readonly a: TestApp;
  readonly b: TestApp;
  /** Sends requests to the two servers in turn. */
  readonly both: ApiClient;
}

const balancers: RoundRobin[] = [];

/** Starts two servers that share nothing but their database, secret and clock, and the worker that hashes passwords. */
export const startReplicas = async (config: Partial<AppConfig> = {}): Promise<Replicas> => {
  const place = await aStartedPlace('postgres');
  const [a, b] = [await startTestApp({ beside: place, config }), await startTestApp({ beside: place, config })];
  const balancer = await RoundRobin.open([a.api.baseUrl, b.api.baseUrl]);
  balancers.push(balancer);
  return { place, a, b, both: new ApiClient(balancer.url) };
};

afterAll(async () => {
  for (const balancer of balancers.splice(0)) await balancer.close();
});
