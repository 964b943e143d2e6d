import { ApiClient, RoundRobin } from '#testing';
import type { AppConfig } from '../../src/config/app-config.js';
import { aStartedPlace, startTestApp, type TestApp, type TestPlace } from './start-test-app.js';

/** Two servers on one PostgreSQL, and a load balancer in front of them. */
export interface Replicas {
  readonly place: TestPlace;
  readonly a: TestApp;
  readonly b: TestApp;
  /** Every request goes to the other server than the one before. */
  readonly both: ApiClient;
}

const balancers: RoundRobin[] = [];

/** Starts two servers that have nothing in common but their database, their secret and the time. */
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
