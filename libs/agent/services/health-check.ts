import { HealthStatus, type Health } from '#contracts';
import { messageOf } from '../base/errors.js';
import type { HealthCheck } from '../base/types.js';
import { withTimeLimit } from '../base/waiting.js';

/** Bounded, so that a report is not refused for an error that quotes half a page. */
const MAX_REASON_LENGTH = 500;

/** What `check` says; DOWN with the reason when it fails, takes too long or says something that is not a health. */
export const runHealthCheck = async (check: HealthCheck | null, limitSeconds: number): Promise<Health> => {
  if (!check) return { status: 'UNKNOWN', message: 'The service has no health check.' };
  try {
    const health = await withTimeLimit(check, limitSeconds, 'The health check');
    return isHealth(health) ? sendable(health) : down('The health check gave no known status.');
  } catch (error) {
    return down(`The health check failed: ${messageOf(error).slice(0, MAX_REASON_LENGTH)}`);
  }
};

const down = (message: string): Health => ({ status: 'DOWN', message });

const isHealth = (value: Partial<Health> | null | undefined): value is Health =>
  typeof value?.status === 'string' && value.status in HealthStatus;

/** As it will arrive: details that JSON cannot hold must fail here, not in every heartbeat. */
const sendable = (health: Health): Health => JSON.parse(JSON.stringify(health)) as Health;
