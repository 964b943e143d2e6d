import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The demo's settings from the environment. They share the names of the agent's and the local server's settings, so that one
 * `.env` works for both.
 */
export const readSettings = (environment) => {
  const read = (name, fallback) => environment[name]?.trim() || fallback;
  // Kubernetes sets OPSTAGE_PORT=tcp://… for a Service of that name.
  const port = /^\d+$/.test(read('OPSTAGE_PORT', '')) ? read('OPSTAGE_PORT') : '8080';
  return {
    backendUrl: read('OPSTAGE_BACKEND_URL', `http://127.0.0.1:${port}`).replace(/\/+$/, ''),
    registrationToken: read('OPSTAGE_REGISTRATION_TOKEN', null),
    tokenFile: read('OPSTAGE_AGENT_TOKEN_FILE', './data/agent-token.json'),
    agentCode: read('OPSTAGE_AGENT_CODE', 'demo-agent'),
    dataDir: read('OPSTAGE_DATA_DIR', './data'),
    databaseUrl: read('DATABASE_URL', null),
  };
};

/** Whether a database exists. If not, a running server cannot be using this data directory. */
export const hasDatabase = ({ dataDir, databaseUrl }) => {
  if (databaseUrl === null) return existsSync(join(dataDir, 'opstage.db'));
  const file = /^file:(?:\/\/(?=\/))?(.+)$/.exec(databaseUrl)?.[1];
  return file === undefined || existsSync(file);
};
