import type { CDPSession } from 'playwright-core';
import type { Visit } from './visit.js';

type Credentials = Awaited<ReturnType<typeof credentialsOf>>;

const credentialsOf = async (session: CDPSession, authenticatorId: string) =>
  (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials;

/** A security key that the browser makes up: it has no dialog, and does as the test says. */
export class VirtualAuthenticator {
  constructor(
    private readonly session: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  /** The passkeys on it. */
  credentials(): Promise<Credentials> {
    return credentialsOf(this.session, this.authenticatorId);
  }

  /** Loses the passkeys on it. */
  async clear(): Promise<void> {
    await this.session.send('WebAuthn.clearCredentials', { authenticatorId: this.authenticatorId });
  }

  /** Has them again. */
  async put(credentials: Credentials): Promise<void> {
    for (const credential of credentials) {
      await this.session.send('WebAuthn.addCredential', { authenticatorId: this.authenticatorId, credential });
    }
  }
}

/** Gives the browser of a visit a security key, and no other. */
export const addVirtualAuthenticator = async ({ context, page }: Visit): Promise<VirtualAuthenticator> => {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return new VirtualAuthenticator(session, authenticatorId);
};
