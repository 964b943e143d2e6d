import { fill } from '../fill/filled-installation.js';
import type { Scale } from '../scale.js';
import type { Scenario } from '../scenario.js';
import { Installation } from './installation.js';

const DAY_SECONDS = '86400';

/** Filled-in agents never call; without these settings the server would mark ten thousand of them offline. */
const FILLED_SETTINGS = {
  OPSTAGE_AGENT_OFFLINE_THRESHOLD_SECONDS: DAY_SECONDS,
  OPSTAGE_SERVICE_STALE_THRESHOLD_SECONDS: DAY_SECONDS,
};

/** Provides each scenario with an installation: a new one, or the shared filled one. */
export class Installations {
  #filled: Installation | null = null;

  constructor(
    private readonly prefix: readonly string[],
    private readonly sizes: Scale['filled'],
    private readonly say: (line: string) => void,
  ) {}

  async for({ kind }: Scenario): Promise<Installation> {
    if (kind !== 'filled') return Installation.make(this.prefix);
    this.#filled ??= await this.#fill();
    return this.#filled;
  }

  /** Stops the server of an installation, and removes the installation unless it is shared. */
  async release(installation: Installation): Promise<void> {
    if (installation === this.#filled) await installation.stop();
    else await installation.remove();
  }

  /** Removes the shared installation. */
  async end(): Promise<void> {
    await this.#filled?.remove();
    this.#filled = null;
  }

  async #fill(): Promise<Installation> {
    const installation = await Installation.make(this.prefix, FILLED_SETTINGS);
    const { services, commands, auditEvents } = this.sizes;
    this.say(`Filling a store with ${services} services, ${commands} commands and ${auditEvents} audit events…`);
    const begin = performance.now();
    await fill(installation, this.sizes);
    this.say(`Filled in ${((performance.now() - begin) / 1_000).toFixed(0)} s.`);
    return installation;
  }
}
