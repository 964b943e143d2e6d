import { parseArgs } from 'node:util';
import { FULL, QUICK, type Scale } from './scale.js';

/** Another server with this API, to be measured alternately. */
export interface Rival {
  readonly url: URL;
  readonly username: string;
  readonly password: string;
}

export interface Options {
  readonly scale: Scale;
  /** Ids of the scenarios to run; empty for all. */
  readonly only: readonly string[];
  readonly rival: Rival | null;
  /** Only JSON lines on stdout. */
  readonly json: boolean;
  /** Folder for CPU profiles of the server; null for none. */
  readonly profileDir: string | null;
  readonly help: boolean;
}

/** Invalid arguments; the message is for the user. */
export class UsageError extends Error {}

export const USAGE = `npm run bench -- [options]

  --only a,b              only these scenarios
  --quick                 small sizes: to check that the tool works, not how fast the server is
  --agents N              size of the fleet (default ${FULL.fleetAgents})
  --seconds N             duration of each measurement (default ${FULL.seconds})
  --compare URL[,user,password]
                          measure another server with this API alternately with this one, and print ratios
  --profile DIR           save a CPU profile of the server for each scenario, and print where the time went
  --json                  only JSON lines on stdout
  --help                  this text and the scenarios
`;

/** @throws UsageError */
export const parseOptions = (args: readonly string[]): Options => {
  const values = read(args);
  const base = values.quick ? QUICK : FULL;
  return {
    scale: {
      ...base,
      fleetAgents: positive('--agents', values.agents) ?? base.fleetAgents,
      seconds: positive('--seconds', values.seconds) ?? base.seconds,
    },
    only: (values.only ?? '').split(',').filter((id) => id !== ''),
    rival: values.compare === undefined ? null : toRival(values.compare),
    json: values.json ?? false,
    profileDir: values.profile ?? null,
    help: values.help ?? false,
  };
};

const read = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean' },
        agents: { type: 'string' },
        seconds: { type: 'string' },
        compare: { type: 'string' },
        profile: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

const positive = (name: string, text: string | undefined): number | null => {
  if (text === undefined) return null;
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`${name} must be a number above 0.`);
  return value;
};

const toRival = (text: string): Rival => {
  const [url = '', username = 'admin', ...password] = text.split(',');
  if (!URL.canParse(url) || new URL(url).protocol !== 'http:') {
    throw new UsageError('--compare must begin with an http:// URL.');
  }
  // The password may contain commas.
  return { url: new URL(url), username, password: password.join(',') };
};
