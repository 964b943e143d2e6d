import { readFileSync } from 'node:fs';
import type { AppConfig } from './app-config.js';
import { packageVersion, readBuild } from './build-info.js';
import { loadConfig } from './load-config.js';
import { existingSecret, secretFromFile } from './secret-file.js';

/** The exit code for an invalid setting, `EX_CONFIG` of sysexits(3). */
export const EXIT_BAD_CONFIG = 78;

/** Returns the configuration of this server. If it cannot be used, prints one line per fault and exits with 78. */
export const readConfigOrExit = (): AppConfig => read(secretFromFile);

/** {@link readConfigOrExit} for a command on the host: exits with 78 as well where there is no installation. */
export const readCommandConfigOrExit = (): AppConfig => read(existingSecret);

/** The file that Node was started with, as `npm start` does where there is one. */
const envFile = (): string => {
  const argument = process.execArgv.find((one) => /^--env-file(?:-if-exists)?=/.test(one));
  if (argument === undefined) return '';
  try {
    return readFileSync(argument.replace(/^[^=]*=/, ''), 'utf8');
  } catch {
    return '';
  }
};

const read = (createSecret: (dataDir: string) => string): AppConfig => {
  const defaults = { version: packageVersion(), build: readBuild(), createSecret, envFile: envFile() };
  const loaded = loadConfig(process.env, defaults);
  if (loaded.ok) {
    for (const warning of loaded.warnings) process.stderr.write(`${warning}\n`);
    return loaded.config;
  }
  for (const fault of loaded.faults) process.stderr.write(`${fault}\n`);
  process.exit(EXIT_BAD_CONFIG);
};
