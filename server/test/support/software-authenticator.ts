import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import type { JsonObject, PasskeyCeremony } from '#contracts';

/** Bits of the authenticator data: user present, user verified, backed up, attested credential data included. */
const FLAG = { UP: 0x01, UV: 0x04, AT: 0x40 } as const;

interface Credential {
  readonly id: Buffer;
  readonly rpId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
}

/** Deviations of a hostile browser or authenticator. */
export interface Deviation {
  /** The origin the browser reports, by default {@link SoftwareAuthenticator.origin}. */
  readonly origin?: string;
  /** The relying party the authenticator signs for, by default that of the options. */
  readonly rpId?: string;
  readonly challenge?: string;
  readonly type?: string;
  readonly flags?: number;
  /** The counter, by default one more than before. */
  readonly counter?: number;
  /** The attestation, by default none. */
  readonly attestation?: { readonly fmt: string; readonly attStmt: ReadonlyMap<string, unknown> };
}

const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest();

const toText = (data: Uint8Array): string => Buffer.from(data).toString('base64url');

const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** The public key in COSE format (RFC 9053): EC2, ES256, P-256. */
const coseOf = (publicKey: KeyObject): Uint8Array => {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const entries: readonly (readonly [number, number | Uint8Array])[] = [
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
    [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
  ];
  return isoCBOR.encode(new Map(entries));
};

const textAt = (options: JsonObject, ...path: readonly string[]): string => {
  const found = path.reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], options);
  if (typeof found !== 'string') throw new Error(`The options have no ${path.join('.')}.`);
  return found;
};

/** A browser with an authenticator (WebAuthn Level 3): it makes ES256 passkeys and signs with them. */
export class SoftwareAuthenticator {
  readonly #credentials: Credential[] = [];
  /** How often it has signed. */
  counter = 0;

  constructor(readonly origin: string) {}

  /** The credential ids it has, oldest first. */
  get credentialIds(): readonly string[] {
    return this.#credentials.map(({ id }) => toText(id));
  }

  /** The result of `navigator.credentials.create`, as JSON. */
  create({ options }: Pick<PasskeyCeremony, 'options'>, deviation: Deviation = {}): JsonObject {
    const rpId = textAt(options, 'rp', 'id');
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const credential = { id: randomBytes(32), rpId, privateKey, publicKey: coseOf(publicKey) };
    this.#credentials.push(credential);
    const { fmt, attStmt } = deviation.attestation ?? { fmt: 'none', attStmt: new Map() };
    const authData = Buffer.concat([
      this.#authenticatorData(rpId, { flags: FLAG.UP | FLAG.UV | FLAG.AT, ...deviation }),
      Buffer.alloc(16),
      uint16(credential.id.length),
      credential.id,
      credential.publicKey,
    ]);
    const attestation = new Map<string, unknown>([
      ['fmt', fmt],
      ['attStmt', attStmt],
      ['authData', new Uint8Array(authData)],
    ]);
    return this.#answer(credential, {
      clientDataJSON: this.#clientData('webauthn.create', textAt(options, 'challenge'), deviation),
      attestationObject: toText(isoCBOR.encode(attestation as never)),
      transports: ['internal'],
    });
  }

  /** The result of `navigator.credentials.get`, as JSON, always with the newest passkey. */
  get({ options }: Pick<PasskeyCeremony, 'options'>, deviation: Deviation = {}): JsonObject {
    const credential = this.#credentials.at(-1);
    if (!credential) throw new Error('This authenticator has no passkey.');
    const clientDataJSON = this.#clientData('webauthn.get', textAt(options, 'challenge'), deviation);
    const authenticatorData = this.#authenticatorData(credential.rpId, { flags: FLAG.UP | FLAG.UV, ...deviation });
    const signed = Buffer.concat([authenticatorData, sha256(Buffer.from(clientDataJSON, 'base64url'))]);
    return this.#answer(credential, {
      clientDataJSON,
      authenticatorData: toText(authenticatorData),
      signature: toText(sign('sha256', signed, credential.privateKey)),
      userHandle: null,
    });
  }

  #clientData(type: string, challenge: string, deviation: Deviation): string {
    const data = { type, challenge, origin: this.origin, crossOrigin: false };
    const { origin = data.origin } = deviation;
    const shown = { ...data, origin, type: deviation.type ?? type, challenge: deviation.challenge ?? challenge };
    return toText(Buffer.from(JSON.stringify(shown)));
  }

  #authenticatorData(rpId: string, { rpId: shown = rpId, flags = 0, counter }: Deviation): Buffer {
    this.counter = counter ?? this.counter + 1;
    return Buffer.concat([sha256(shown), Buffer.from([flags]), uint32(this.counter)]);
  }

  #answer({ id }: Credential, response: JsonObject): JsonObject {
    const rawId = toText(id);
    return { id: rawId, rawId, type: 'public-key', clientExtensionResults: {}, response };
  }
}
