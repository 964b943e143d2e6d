import { setTimeout as delay } from 'node:timers/promises';
import { FleetSimulator, type FleetBehaviour, type LightAgent } from '#testing';
import type { Target } from '../target.js';

/** The long-poll time agents request. */
const WAIT_SECONDS = 25;
const SETTLE_MS = 500;

/** Starts a fleet that uses long polls if the server supports them, and polls at intervals otherwise. */
export const parkFleet = async (
  target: Target,
  agents: readonly LightAgent[],
  pollIntervalSeconds: number,
  onCommand: NonNullable<FleetBehaviour['onCommand']>,
): Promise<FleetSimulator> => {
  const behaviour = { waitSeconds: WAIT_SECONDS, pollIntervalSeconds, onCommand };
  const fleet = new FleetSimulator(target.endpoint, agents, behaviour);
  await fleet.start(1_000);
  await delay(SETTLE_MS);
  return fleet;
};

/** Notes for the report about a fleet's polls and failures. */
export const remarksOn = (fleet: FleetSimulator): readonly string[] => {
  const isHeld = fleet.unheldPolls === 0;
  const failures = [...fleet.failures].map(([message, count]) => `${count}× ${message}`);
  return [
    ...(isHeld
      ? []
      : [
          `NOT PARKED: the server answers wait=${WAIT_SECONDS} immediately; agents poll every ${fleet.behaviour.pollIntervalSeconds} s.`,
        ]),
    ...(failures.length === 0 ? [] : [`Failed calls of agents: ${failures.join(', ')}.`]),
  ];
};
