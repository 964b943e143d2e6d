import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PlainError } from '../lib/entry.mjs';
import { inProject } from '../lib/project.mjs';
import { hasDatabase } from './settings.mjs';

const OPSTAGE = inProject('dist', 'server', 'cli', 'main.js');

/** The error when the responding server does not use this data directory. */
export const notThisServer = ({ backendUrl, dataDir }) =>
  new PlainError(
    `The server at ${backendUrl} does not use the data directory ${dataDir}, so it would not accept a registration ` +
      'token created here.\nSet OPSTAGE_DATA_DIR (or DATABASE_URL) to what that server uses, or create a ' +
      'registration token on that server and pass it to the demo as OPSTAGE_REGISTRATION_TOKEN.',
  );

/** Creates a registration token for the demo's agent in the database of the local server. @throws PlainError */
export const createRegistrationToken = async (settings) => {
  if (!hasDatabase(settings)) throw notThisServer(settings);
  const args = [OPSTAGE, 'tokens', 'create', '--agent-code', settings.agentCode, '--name', 'npm run demo'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return stdout.trim();
  } catch (error) {
    throw new PlainError(`The registration token could not be created. ${error.stderr?.trim() || error.message}`);
  }
};
