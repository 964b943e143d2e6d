import type { Scenario } from './scenario.js';
import { beside } from './scenarios/beside.js';
import { emptyPoll } from './scenarios/empty-poll.js';
import { auditExport } from './scenarios/export.js';
import { fleet } from './scenarios/fleet.js';
import { growth } from './scenarios/growth.js';
import { heartbeat } from './scenarios/heartbeat.js';
import { listPages } from './scenarios/list-pages.js';
import { register } from './scenarios/register.js';
import { roundTrip } from './scenarios/round-trip.js';
import { startUp } from './scenarios/start-up.js';
import { throughput } from './scenarios/throughput.js';
import { yardstick } from './scenarios/yardstick.js';

/** All scenarios, in the order in which they run. */
export const scenarios: readonly Scenario[] = [
  yardstick,
  startUp,
  register,
  heartbeat,
  emptyPoll,
  roundTrip,
  throughput,
  fleet,
  growth,
  listPages,
  auditExport,
  beside,
];
