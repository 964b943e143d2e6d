import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the demo takes from the environment. The names are those of the agent and of the server on this host, so that
 * one `.env` serves both.
 */
export const readSettings = (environment) => {
  const read = (name, fallback) => environment[name]?.trim() || fallback;
  return {
    backendUrl: read('OPSTAGE_BACKEND_URL', `http://127.0.0.1:${read('OPSTAGE_PORT', '8080')}`).replace(/\/+$/, ''),
    registrationToken: read('OPSTAGE_REGISTRATION_TOKEN', null),
    tokenFile: read('OPSTAGE_AGENT_TOKEN_FILE', './data/agent-token.json'),
    agentCode: read('OPSTAGE_AGENT_CODE', 'demo-agent'),
    dataDir: read('OPSTAGE_DATA_DIR', './data'),
    databaseUrl: read('DATABASE_URL', null),
  };
};

/** Whether there is a database here already. If not, a server that runs cannot be the one of this data directory. */
export const hasDatabase = ({ dataDir, databaseUrl }) => {
  if (databaseUrl === null) return existsSync(join(dataDir, 'opstage.db'));
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(databaseUrl)?.[1];
  return file === undefined || existsSync(file);
};
