import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PlainError } from '../lib/entry.mjs';
import { inProject } from '../lib/project.mjs';
import { hasDatabase } from './settings.mjs';

const OPSTAGE = inProject('dist', 'server', 'cli', 'main.js');

/** What to tell when the server that answers is not the one of this data directory. */
export const notThisServer = ({ backendUrl, dataDir }) =>
  new PlainError(
    `The server at ${backendUrl} is not the one of the data directory ${dataDir}, so a registration token made here ` +
      'is worth nothing there.\nSet OPSTAGE_DATA_DIR (or DATABASE_URL) to what that server uses, or make a ' +
      'registration token on that server and give it to the demo as OPSTAGE_REGISTRATION_TOKEN.',
  );

/** Makes a registration token for the demo's agent, in the database of this host's server. @throws PlainError */
export const makeRegistrationToken = async (settings) => {
  if (!hasDatabase(settings)) throw notThisServer(settings);
  const args = [OPSTAGE, 'tokens', 'create', '--agent-code', settings.agentCode, '--name', 'npm run demo'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return stdout.trim();
  } catch (error) {
    throw new PlainError(`No registration token could be made. ${error.stderr?.trim() || error.message}`);
  }
};
