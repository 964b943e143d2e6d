/** A service to be killed in the middle of its work: `crashing-service.ts <server's URL> <folder>`. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapsuleAgent } from '../capsule-agent.js';
import { FileTokenStore } from '../connection/token-store.js';
import type { ActionContext } from '../base/types.js';
import { QUICK } from './test-agent.js';
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

/** So that whoever looks later knows every time a handler began. */
const noteRun = ({ command }: ActionContext): void => {
  appendFileSync(join(folder, 'runs'), `${command.id}\n`);
};

agent
  .action({ name: 'hang', label: 'Hang' }, async (context) => {
    noteRun(context);
    await new Promise(() => undefined);
    return undefined;
  })
  .action({ name: 'work', label: 'Work' }, (context) => {
    noteRun(context);
    return { done: true };
  })
  .action({ name: 'rotate', label: 'Rotate' }, (context) => {
    noteRun(context);
    return { data: { generatedKey: 'canary-key' } };
  });

// An agent alone keeps its process alive only while a poll is held.
setInterval(() => undefined, 60_000);
await agent.start();
