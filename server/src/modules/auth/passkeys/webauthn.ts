import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { JsonObject } from '#contracts';
import type { UserEntity } from '../../users/user.entity.js';
import type { PasskeyEntity } from './passkey.entity.js';
import type { RelyingParty } from './relying-party.js';

/** COSE algorithms authenticators have: EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];

/** What a browser is to pass on to an authenticator, and the challenge in it. */
export interface CeremonyOptions {
  readonly challenge: string;
  readonly options: JsonObject;
}

/** A passkey as an authenticator made it. */
export type MadePasskey = Pick<
  PasskeyEntity,
  'credentialId' | 'publicKey' | 'counter' | 'transports' | 'isBackedUp' | 'rpId'
>;

interface Expected {
  readonly challenge: string;
  readonly party: RelyingParty;
}

// Few sign-ins need them, and every start would wait for the certificate parsers they bring along.
const library = () => import('@simplewebauthn/server');
const helpers = () => import('@simplewebauthn/server/helpers');

const toCeremony = (options: { readonly challenge: string }): CeremonyOptions => ({
  challenge: options.challenge,
  options: JSON.parse(JSON.stringify(options)) as JsonObject,
});

const describe = ({ credentialId, transports }: PasskeyEntity) => ({ id: credentialId, transports: [...transports] });

/** Options for making another passkey for `user`, on an authenticator that has none of theirs. */
export const registrationOptions = async (
  user: UserEntity,
  own: readonly PasskeyEntity[],
  { party, timeoutSeconds }: { readonly party: RelyingParty; readonly timeoutSeconds: number },
): Promise<CeremonyOptions> =>
  toCeremony(
    await (
      await library()
    ).generateRegistrationOptions({
      rpName: 'Opstage',
      rpID: party.id,
      userID: new TextEncoder().encode(user.id),
      userName: user.username,
      userDisplayName: user.displayName ?? user.username,
      timeout: timeoutSeconds * 1000,
      attestationType: 'none',
      excludeCredentials: own.map(describe),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );

/** Options for using one of these passkeys. */
export const signInOptions = async (
  own: readonly PasskeyEntity[],
  { party, timeoutSeconds }: { readonly party: RelyingParty; readonly timeoutSeconds: number },
): Promise<CeremonyOptions> =>
  toCeremony(
    await (
      await library()
    ).generateAuthenticationOptions({
      rpID: party.id,
      allowCredentials: own.map(describe),
      timeout: timeoutSeconds * 1000,
      userVerification: 'preferred',
    }),
  );

/**
 * Whether the attestation is none, or the authenticator's own word. Nobody asked for a certificate, and checking one could
 * make the server fetch what it names.
 */
const isPlainAttestation = async (attestationObject: string): Promise<boolean> => {
  const { decodeAttestationObject, isoBase64URL } = await helpers();
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const format = decoded.get('fmt');
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
};

/** The passkey an authenticator made, or null when the answer does not hold. */
export const readRegistration = async (
  response: RegistrationResponseJSON,
  { challenge, party }: Expected,
): Promise<MadePasskey | null> => {
  const { verifyRegistrationResponse } = await library();
  const { isoBase64URL } = await helpers();
  try {
    if (!(await isPlainAttestation(response.response.attestationObject))) return null;
    const { registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!registrationInfo) return null;
    const { credential, credentialBackedUp } = registrationInfo;
    return {
      credentialId: credential.id,
      publicKey: isoBase64URL.fromBuffer(credential.publicKey),
      counter: credential.counter,
      transports: response.response.transports ?? [],
      isBackedUp: credentialBackedUp,
      rpId: party.id,
    };
  } catch {
    // The library throws for whatever is wrong with an answer, and a stranger wrote the answer.
    return null;
  }
};

/** The authenticator's counter when the passkey signed this challenge for this party, else null. */
export const readAssertion = async (
  response: AuthenticationResponseJSON,
  passkey: PasskeyEntity,
  { challenge, party }: Expected,
): Promise<number | null> => {
  const { verifyAuthenticationResponse } = await library();
  const { isoBase64URL } = await helpers();
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      // The stored counter is compared in the database, where two answers at once cannot both be the newer one.
      credential: { id: passkey.credentialId, publicKey: isoBase64URL.toBuffer(passkey.publicKey), counter: 0 },
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    // As above.
    return null;
  }
};
