import type { Measurement } from './measurement.js';
import type { Scale } from './scale.js';
import type { Installation } from './server/installation.js';
import type { ServerProfile } from './server/server-profile.js';
import type { Target } from './target.js';

/** What a scenario gets. */
export interface BenchContext {
  readonly target: Target;
  readonly scale: Scale;
  readonly profile: ServerProfile;
  /** Adds a note to the report. */
  readonly note: (text: string) => void;
}

/** What a scenario that starts and stops its own server gets. */
export interface OwnContext extends Omit<BenchContext, 'target'> {
  readonly installation: Installation;
  /** Signs in to the running server. */
  readonly open: (pid: number) => Promise<Target>;
}

interface ScenarioName {
  readonly id: string;
  readonly title: string;
}

/** A scenario that needs nothing but a server with this API. */
export interface WireScenario extends ScenarioName {
  readonly kind: 'wire';
  run(context: BenchContext): Promise<readonly Measurement[]>;
}

/** A scenario that inspects the process or the store: `filled` uses the large store, `own` an empty one. */
export interface OwnScenario extends ScenarioName {
  readonly kind: 'own' | 'filled';
  run(context: OwnContext): Promise<readonly Measurement[]>;
}

export type Scenario = WireScenario | OwnScenario;
