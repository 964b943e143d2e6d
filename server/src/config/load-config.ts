import type { AppConfig } from './app-config.js';
import type { BuildInfo } from './build-info.js';
import { InvalidValue } from './env-parsers.js';
import { aboutConfig, aboutEnvFile, aboutValues } from './misleading-values.js';
import { NoInstallation } from './secret-file.js';
import { aboutServiceLinks, withoutServiceLinks } from './service-links.js';
import { type Setting, SETTINGS, type ShownValue, type Surroundings } from './settings-table.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** Names that an agent process on the same host reads; the server does not warn about them. */
const AGENT_SIDE_NAMES = [
  'OPSTAGE_BACKEND_URL',
  'OPSTAGE_REGISTRATION_TOKEN',
  'OPSTAGE_AGENT_TOKEN_FILE',
  'OPSTAGE_AGENT_CODE',
  'OPSTAGE_AGENT_NAME',
];

const ALL_SETTINGS: readonly Setting<unknown>[] = Object.values(SETTINGS);

/** Every `OPSTAGE_` name and `DATABASE_URL`, in the order of the reference page. */
export const SERVER_NAMES: readonly string[] = ALL_SETTINGS.map(({ name }) => name).filter(
  (name) => name !== SETTINGS.production.name,
);

/** The configuration, or why it cannot be used: one line per fault, by name and reason, never by value. */
export type LoadedConfig =
  | { readonly ok: true; readonly config: AppConfig; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly faults: readonly string[] };

interface Defaults {
  /** The package's own version. */
  readonly version: string;
  readonly build?: BuildInfo;
  /** Finds the secret if none is configured; a server creates it. Called only when no setting is at fault. */
  readonly createSecret: (dataDir: string) => string;
  /** The content of the `.env` file that Node has read, if there is one. */
  readonly envFile?: string;
}

/** Reads settings from environment variables and collects the faults, so that one start reports them all. */
class EnvReader {
  readonly faults: string[] = [];

  constructor(private readonly variables: Variables) {}

  /** Returns the value of a setting; its default when the variable is unset, empty or at fault. */
  read<T>({ name, formerName, parse, fallback }: Setting<T>, surroundings: Surroundings): T {
    const given = [name, formerName ?? name].find((one) => this.#text(one) !== null);
    if (given === undefined) return fallback(surroundings);
    try {
      return parse(this.#text(given) ?? '');
    } catch (error) {
      if (!(error instanceof InvalidValue)) throw error;
      this.faults.push(`${given} ${error.message}`);
      return fallback(surroundings);
    }
  }

  #text(name: string): string | null {
    const value = this.variables[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }
}

const mapSettings = <V>(read: (key: keyof AppConfig, setting: Setting<unknown>) => V): Record<keyof AppConfig, V> => {
  const entries = Object.entries(SETTINGS) as [keyof AppConfig, Setting<unknown>][];
  return Object.fromEntries(entries.map(([key, setting]) => [key, read(key, setting)])) as Record<keyof AppConfig, V>;
};

/** Reads the environment once into a frozen {@link AppConfig}. */
export const loadConfig = (given: Variables, { version, build, createSecret, envFile }: Defaults): LoadedConfig => {
  const { variables, links } = withoutServiceLinks(given);
  const hints = aboutValues(variables, SERVER_NAMES);
  const env = new EnvReader(variables);
  const dataDir = env.read(SETTINGS.dataDir, { dataDir: '', version, build });
  const config = mapSettings((_, setting) => env.read(setting, { dataDir, version, build })) as AppConfig;
  if (env.faults.length > 0) return { ok: false, faults: [...env.faults, ...hints] };
  try {
    const sessionSecrets = config.sessionSecrets.length > 0 ? config.sessionSecrets : [createSecret(dataDir)];
    return {
      ok: true,
      config: Object.freeze({ ...config, sessionSecrets }),
      warnings: [
        ...aboutServiceLinks(links),
        ...warningsOf(variables),
        ...hints,
        ...aboutEnvFile(envFile ?? '', SERVER_NAMES),
        ...aboutConfig(config),
      ],
    };
  } catch (error) {
    // A data directory that cannot be used is as much a fault of the configuration as a bad value.
    const { message } = error as Error;
    const fault =
      error instanceof NoInstallation ? message : `OPSTAGE_DATA_DIR cannot keep the session secret: ${message}`;
    return { ok: false, faults: [fault] };
  }
};

const warningsOf = (variables: Variables): readonly string[] => {
  const known = new Set([...SERVER_NAMES, ...AGENT_SIDE_NAMES]);
  const renamed = new Map(ALL_SETTINGS.map(({ formerName = '', name }) => [formerName, name]));
  return Object.keys(variables)
    .filter((name) => name.startsWith('OPSTAGE_') && !known.has(name) && !name.startsWith('OPSTAGE_TEST_'))
    .map((name) => {
      const newName = renamed.get(name);
      if (newName !== undefined) return `${name} is now called ${newName}; rename it.`;
      return `${name} is not a setting of this server; is it a typo?`;
    });
};

/** An empty list shows as null, like any other setting without a value. */
const shown = (value: unknown): ShownValue =>
  Array.isArray(value) ? (value.length === 0 ? null : value.join(',')) : (value as ShownValue);

/** Returns the settings in force by environment name, with secrets masked. */
export const describeConfig = (config: AppConfig): Readonly<Record<string, ShownValue>> => {
  const described = mapSettings((key, { name, show = shown }) => [name, show(config[key])] as const);
  return Object.fromEntries(Object.values(described));
};
