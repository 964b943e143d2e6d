import type { SignInSettings } from '#contracts';
import { eventually, TestOperator } from '#testing';
import { passwordOf, PUBLIC_URL, showPasskey, showPassword, withPasskey } from '../support/passkeys.js';
import { startReplicas } from '../support/replicas.js';

const SETTINGS = '/api/admin/settings/sign-in';

describe('passkeys', () => {
  it('answer at one replica what another one asked, and once in all', async () => {
    const { a, b } = await startReplicas({ publicBaseUrl: PUBLIC_URL });
    const { authenticator } = await withPasskey(a, 'viewer');
    const ceremony = await showPassword(a, 'viewer');
    const answers = await Promise.all([a, b, a, b].map((app) => showPasskey(app, ceremony, authenticator)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('that are required at one replica are required at the other', async () => {
    const { a, b } = await startReplicas({ publicBaseUrl: PUBLIC_URL });
    const owner = await a.signIn('owner');
    await a.signIn('viewer');
    await owner.patch(SETTINGS, { passkeyRequiredRoles: ['viewer'] }).expectOk();
    await eventually('the other follows', async () => {
      const { passkeyRequiredRoles } = await owner.at(b.api).get(SETTINGS).expectOk<SignInSettings>();
      return passkeyRequiredRoles.includes('viewer');
    });
    const viewer = await TestOperator.signIn(b.api, 'viewer', passwordOf('viewer'));
    await viewer.get('/api/admin/agents').expectError(403, 'PASSKEY_ENROLMENT_REQUIRED');
  });
});
