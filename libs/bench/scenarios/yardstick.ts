import { fileURLToPath } from 'node:url';
import { ConnectionPool, requestText, successOf } from '#testing';
import { closedLoop } from '../load/closed-loop.js';
import type { OwnScenario } from '../scenario.js';

const PROGRAM = fileURLToPath(new URL('../server/yardstick-server.js', import.meta.url));

const BODY = { health: { status: 'UP', message: 'All is well.', details: { queue: 3 } } };

/** The cost of a program on the same stack that does nothing, to compare machines and times of day. */
export const yardstick: OwnScenario = {
  id: 'yardstick',
  title: 'Express without any work',
  kind: 'own',
  async run({ installation, scale, profile, note }) {
    const { pid } = await installation.start({ program: PROGRAM });
    const endpoint = { host: '127.0.0.1', port: Number(new URL(installation.url).port) };
    const pool = new ConnectionPool(endpoint, scale.concurrency);
    const request = requestText(endpoint, 'POST', '/', { body: BODY });
    const call = async (): Promise<void> => void successOf(await pool.send(request));
    try {
      return await closedLoop({ target: { pid }, scale, profile, note }, { concurrency: scale.concurrency, call });
    } finally {
      pool.close();
    }
  },
};
