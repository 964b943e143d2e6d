/** A service that a test kills while it works: `crashing-service.ts <server URL> <folder>`. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionContext } from '../base/types.js';
import { CapsuleAgent } from '../capsule-agent.js';
import { FileTokenStore } from '../connection/token-store.js';
import { QUICK } from './test-bench.js';
import { REGISTRATION_TOKEN } from './wire-server.js';

const [backendUrl = '', folder = ''] = process.argv.slice(2);

const agent = new CapsuleAgent({
  backendUrl,
  registrationToken: REGISTRATION_TOKEN,
  tokenStore: new FileTokenStore(join(folder, 'agent-token.json')),
  agent: { code: 'agent-1' },
  service: { code: 'orders', name: 'Orders' },
  intervals: QUICK,
  onLog: () => undefined,
});

/** Records every start of a handler in a file. */
const recordRun = ({ command }: ActionContext): void => {
  appendFileSync(join(folder, 'runs'), `${command.id}\n`);
};

agent
  .action({ name: 'hang', label: 'Hang' }, async (context) => {
    recordRun(context);
    await new Promise(() => undefined);
    return undefined;
  })
  .action({ name: 'work', label: 'Work' }, (context) => {
    recordRun(context);
    return { done: true };
  })
  .action({ name: 'rotate', label: 'Rotate' }, (context) => {
    recordRun(context);
    return { data: { generatedKey: 'canary-key' } };
  });

await agent.start();
