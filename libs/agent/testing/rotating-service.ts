/** A service that a test kills while it rotates its token: `rotating-service.ts <server URL> <folder> <registration token>`. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredCredential } from '../base/types.js';
import { CapsuleAgent } from '../capsule-agent.js';
import { FileTokenStore } from '../connection/token-store.js';
import { QUICK } from './test-bench.js';

const [backendUrl = '', folder = '', registrationToken = ''] = process.argv.slice(2);

/** Hangs at a new token: with a file `before` in the folder before storing it, with a file `after` after storing it. */
class HangingStore extends FileTokenStore {
  override async save(credential: StoredCredential): Promise<void> {
    const known = await this.load();
    const isNew = known !== null && known.agentToken !== credential.agentToken;
    if (isNew) await this.hangAt('before');
    await super.save(credential);
    if (isNew) await this.hangAt('after');
  }

  private async hangAt(point: string): Promise<void> {
    if (!existsSync(join(folder, point))) return;
    writeFileSync(join(folder, 'hangs'), point);
    await new Promise(() => undefined);
  }
}

const agent = new CapsuleAgent({
  backendUrl,
  registrationToken,
  tokenStore: new HangingStore(join(folder, 'agent-token.json')),
  agent: { code: 'rotating' },
  service: { code: 'rotating', name: 'Rotating' },
  intervals: QUICK,
  onLog: () => undefined,
});

await agent.start();
