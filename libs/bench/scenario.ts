import type { Measurement } from './measurement.js';
import type { Scale } from './scale.js';
import type { Installation } from './server/installation.js';
import type { ServerProfile } from './server/server-profile.js';
import type { Target } from './target.js';

/** What a scenario has to work with. */
export interface BenchContext {
  readonly target: Target;
  readonly scale: Scale;
  readonly profile: ServerProfile;
  /** Tells the reader of the numbers something they must know. */
  readonly note: (text: string) => void;
}

/** For a scenario that starts and stops its server itself. */
export interface OwnContext extends Omit<BenchContext, 'target'> {
  readonly installation: Installation;
  /** Signs in to the server that runs now. */
  readonly open: (pid: number) => Promise<Target>;
}

interface ScenarioName {
  readonly id: string;
  readonly title: string;
}

/** One that needs nothing but a server of this wire. */
export interface WireScenario extends ScenarioName {
  readonly kind: 'wire';
  run(context: BenchContext): Promise<readonly Measurement[]>;
}

/** One that looks into the process or the store: `filled` runs over the large store, `own` over an empty one. */
export interface OwnScenario extends ScenarioName {
  readonly kind: 'own' | 'filled';
  run(context: OwnContext): Promise<readonly Measurement[]>;
}

export type Scenario = WireScenario | OwnScenario;
