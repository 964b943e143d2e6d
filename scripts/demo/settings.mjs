import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the demo takes from the environment. The names are those of the agent and of the server on this host, so that
 * one `.env` serves both.
 */
export const readSettings = (environment) => {
  const read = (name, fallback) => environment[name]?.trim() || fallback;
  const dataDir = read('OPSTAGE_DATA_DIR', './data');
  const databaseUrl = read('DATABASE_URL', null);
  const databaseFile = databaseUrl === null ? join(dataDir, 'opstage.db') : /^file:(.+)$/.exec(databaseUrl)?.[1];
  return {
    backendUrl: read('OPSTAGE_BACKEND_URL', `http://127.0.0.1:${read('OPSTAGE_PORT', '8080')}`).replace(/\/+$/, ''),
    registrationToken: read('OPSTAGE_REGISTRATION_TOKEN', null),
    tokenFile: read('OPSTAGE_AGENT_TOKEN_FILE', './data/agent-token.json'),
    agentCode: read('OPSTAGE_AGENT_CODE', 'demo-agent'),
    dataDir,
    /** False when the server that runs cannot be the one of this data directory. */
    hasDatabase: databaseFile === undefined || existsSync(databaseFile),
  };
};
