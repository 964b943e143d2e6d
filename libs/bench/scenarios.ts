import type { Scenario } from './scenario.js';
import { emptyPoll } from './scenarios/empty-poll.js';
import { heartbeat } from './scenarios/heartbeat.js';
import { register } from './scenarios/register.js';
import { roundTrip } from './scenarios/round-trip.js';
import { throughput } from './scenarios/throughput.js';

/** Every scenario, in the order in which they run. */
export const scenarios: readonly Scenario[] = [register, heartbeat, emptyPoll, roundTrip, throughput];
