import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Json, JsonObject } from '#contracts';
import { validationFailed } from '../../../common/errors.js';
import type { UserEntity } from '../users/user.entity.js';
import type { PasskeyEntity } from './passkey.entity.js';
import type { RelyingParty } from './relying-party.js';

/** The COSE algorithms of common authenticators: EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];

/** Enough for the largest keys and signatures; an RSA key takes a few hundred characters. */
const MAX_TEXT_LENGTH = 16_000;
const MAX_CREDENTIAL_ID_LENGTH = 1_400;
const MAX_TRANSPORTS = 8;
const TRANSPORT = /^[a-z-]{1,20}$/;
const BASE64URL = /^[\w-]+$/;

/** The options that a browser passes on to an authenticator, and the challenge in them. */
interface CeremonyOptions {
  readonly challenge: string;
  readonly options: JsonObject;
}

/** The parts of a passkey that come from the authenticator. */
export type NewPasskey = Pick<
  PasskeyEntity,
  'credentialId' | 'publicKey' | 'counter' | 'transports' | 'isBackedUp' | 'rpId'
>;

interface Expected {
  readonly challenge: string;
  readonly party: RelyingParty;
}

// Loaded on demand: few sign-ins need them, and the certificate parsers that they import would slow down every start.
const library = () => import('@simplewebauthn/server');
const helpers = () => import('@simplewebauthn/server/helpers');

const toCeremony = (options: { readonly challenge: string }): CeremonyOptions => ({
  challenge: options.challenge,
  options: JSON.parse(JSON.stringify(options)) as JsonObject,
});

const describe = ({ credentialId, transports }: PasskeyEntity) => ({ id: credentialId, transports: [...transports] });

/** Options for registering a passkey for `user`, on an authenticator that has none of `own`. */
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
 * Whether the response has no attestation, or one without a certificate. None was requested, and checking a certificate could
 * make the server fetch URLs that it names.
 */
const isPlainAttestation = async (attestationObject: string): Promise<boolean> => {
  const { decodeAttestationObject, isoBase64URL } = await helpers();
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const format = decoded.get('fmt');
  return format === 'none' || (format === 'packed' && decoded.get('attStmt').get('x5c') === undefined);
};

/** The new passkey, or null when the response is not valid. */
export const readRegistration = async (
  response: RegistrationResponseJSON,
  { challenge, party }: Expected,
): Promise<NewPasskey | null> => {
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
    // The library throws for every invalid response.
    return null;
  }
};

/** The authenticator's counter if the passkey signed this challenge for this party, otherwise null. */
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
      // The stored counter is compared in the database, so that of two responses with the same counter one is refused.
      credential: { id: passkey.credentialId, publicKey: isoBase64URL.toBuffer(passkey.publicKey), counter: 0 },
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    // As above: the response is not valid.
    return null;
  }
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const valueAt = (object: JsonObject, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), object);

const text = (object: JsonObject, path: readonly string[], maxLength = MAX_TEXT_LENGTH): string => {
  const value = valueAt(object, path);
  if (typeof value === 'string' && value.length <= maxLength && BASE64URL.test(value)) return value;
  const name = ['response', ...path].join('.');
  throw validationFailed([{ path: name, message: `${name} must be base64url of at most ${maxLength} characters` }]);
};

const common = (object: JsonObject) => {
  const id = text(object, ['id'], MAX_CREDENTIAL_ID_LENGTH);
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {} } as const;
};

/** The fields of a sign-in response that count. @throws VALIDATION_FAILED */
export const toAssertion = (object: JsonObject): AuthenticationResponseJSON => ({
  ...common(object),
  response: {
    clientDataJSON: text(object, ['response', 'clientDataJSON']),
    authenticatorData: text(object, ['response', 'authenticatorData']),
    signature: text(object, ['response', 'signature']),
  },
});

/** The fields of a registration response that count. @throws VALIDATION_FAILED */
export const toAttestation = (object: JsonObject): RegistrationResponseJSON => {
  const transports = valueAt(object, ['response', 'transports']);
  const known = Array.isArray(transports) ? transports.slice(0, MAX_TRANSPORTS) : [];
  return {
    ...common(object),
    response: {
      clientDataJSON: text(object, ['response', 'clientDataJSON']),
      attestationObject: text(object, ['response', 'attestationObject']),
      transports: known.filter((one): one is string => typeof one === 'string' && TRANSPORT.test(one)),
    },
  };
};
