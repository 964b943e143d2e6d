import { freePort } from '#testing';
import type { Measurement } from './measurement.js';
import type { Options } from './options.js';
import type { Outcome } from './report/outcome.js';
import { topFunctions, topOwners, topParts } from './report/where-time-went.js';
import type { OwnScenario, Scenario, WireScenario } from './scenario.js';
import type { Installation } from './server/installation.js';
import type { Installations } from './server/installations.js';
import { ServerProfile, type CpuProfile } from './server/server-profile.js';
import { Target, type TargetAddress } from './target.js';

const SHARES = 25;
const LAST_LINES = 8;

/** Runs one scenario on a server of its own. */
export const runOnOwnServer = async (
  scenario: Scenario,
  options: Options,
  installations: Installations,
): Promise<Outcome> => {
  const profile = new ServerProfile(options.profileDir, scenario.id, await freePort());
  const installation = await installations.for(scenario);
  const outcome = await attempt(scenario, 'own', (note) =>
    scenario.kind === 'wire'
      ? onFreshServer(scenario, installation, { scale: options.scale, profile, note })
      : onInstallation(scenario, installation, { scale: options.scale, profile, note }),
  );
  const lastLines = outcome.failure === null ? '' : installation.lastLines(LAST_LINES);
  await installations.release(installation);
  if (outcome.failure !== null)
    return { ...outcome, notes: [...outcome.notes, `The server's last lines:\n${lastLines}`] };
  return profile.last === null ? outcome : { ...outcome, profile: whereTimeWent(profile.last) };
};

const whereTimeWent = (profile: CpuProfile): NonNullable<Outcome['profile']> =>
  new Map([
    ['by part', topParts(profile, SHARES)],
    ['by calling server function', topOwners(profile, SHARES)],
    ['by function', topFunctions(profile, SHARES)],
  ]);

/** Runs one scenario on a running server. */
export const runOn = (target: Target, scenario: WireScenario, { scale }: Options): Promise<Outcome> =>
  attempt(scenario, target.address.name, (note) =>
    scenario.run({ target, scale, profile: new ServerProfile(null, scenario.id, 0), note }),
  );

type Rest = Pick<Parameters<WireScenario['run']>[0], 'scale' | 'profile' | 'note'>;

/** The address of an installation's server. */
export const addressOf = ({ url, username, password }: Installation, pid: number): TargetAddress => ({
  name: 'own',
  url: new URL(url),
  username,
  password,
  pid,
});

const onFreshServer = async (
  scenario: WireScenario,
  installation: Installation,
  rest: Rest,
): Promise<readonly Measurement[]> => {
  const { pid } = await installation.start({ nodeArguments: rest.profile.nodeArguments });
  const target = await Target.open(addressOf(installation, pid));
  try {
    return await scenario.run({ target, ...rest });
  } finally {
    target.close();
  }
};

const onInstallation = async (
  scenario: OwnScenario,
  installation: Installation,
  rest: Rest,
): Promise<readonly Measurement[]> => {
  const opened: Target[] = [];
  try {
    return await scenario.run({
      installation,
      open: async (pid) => {
        const target = await Target.open(addressOf(installation, pid));
        opened.push(target);
        return target;
      },
      ...rest,
    });
  } finally {
    for (const target of opened) target.close();
  }
};

const attempt = async (
  scenario: Scenario,
  target: string,
  run: (note: (text: string) => void) => Promise<readonly Measurement[]>,
): Promise<Outcome> => {
  const notes: string[] = [];
  const note = (text: string): void => void notes.push(text);
  try {
    return { scenario, target, measurements: await run(note), notes, failure: null, profile: null };
  } catch (error) {
    return { scenario, target, measurements: [], notes, failure: (error as Error).message, profile: null };
  }
};
