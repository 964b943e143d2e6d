import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scale } from '../scale.js';
import type { Installation } from '../server/installation.js';

const PROGRAM = fileURLToPath(new URL('fill-store.js', import.meta.url));

/** Fills the store of an installation whose server has never run. @throws Error when that fails */
export const fill = async (
  installation: Installation,
  { services, commands, auditEvents }: Scale['filled'],
): Promise<void> => {
  const { databaseFile, sessionSecret } = installation;
  mkdirSync(dirname(databaseFile), { recursive: true, mode: 0o700 });
  const sizes = ['--services', services, '--commands', commands, '--audit-events', auditEvents].map(String);
  const child = spawn(process.execPath, [PROGRAM, '--database', databaseFile, ...sizes], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, OPSTAGE_SESSION_SECRET: sessionSecret },
  });
  const stop = (): void => void child.kill('SIGKILL');
  process.once('exit', stop);
  const [code] = (await once(child, 'exit')) as [number | null];
  process.removeListener('exit', stop);
  if (code !== 0) throw new Error(`Filling the store failed with code ${String(code)}.`);
};
