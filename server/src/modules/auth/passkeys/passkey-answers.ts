import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import type { Json, JsonObject } from '#contracts';
import { validationFailed } from '../../../common/errors/domain-error.js';

/** Room for the largest keys and signatures there are; a COSE key of RSA takes a few hundred characters. */
const MAX_TEXT_LENGTH = 16_000;
const MAX_CREDENTIAL_ID_LENGTH = 1_400;
const MAX_TRANSPORTS = 8;
const TRANSPORT = /^[a-z-]{1,20}$/;
const BASE64URL = /^[\w-]+$/;

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (object: JsonObject, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((value, key) => (isObject(value) ? value[key] : undefined), object);

const text = (object: JsonObject, path: readonly string[], maxLength = MAX_TEXT_LENGTH): string => {
  const value = at(object, path);
  if (typeof value === 'string' && value.length <= maxLength && BASE64URL.test(value)) return value;
  const name = ['response', ...path].join('.');
  throw validationFailed([{ path: name, message: `${name} must be base64url of at most ${maxLength} characters` }]);
};

const common = (object: JsonObject) => {
  const id = text(object, ['id'], MAX_CREDENTIAL_ID_LENGTH);
  return { id, rawId: id, type: 'public-key', clientExtensionResults: {} } as const;
};

/** What of a browser's answer to a sign-in counts. @throws VALIDATION_FAILED */
export const toAssertion = (object: JsonObject): AuthenticationResponseJSON => ({
  ...common(object),
  response: {
    clientDataJSON: text(object, ['response', 'clientDataJSON']),
    authenticatorData: text(object, ['response', 'authenticatorData']),
    signature: text(object, ['response', 'signature']),
  },
});

/** What of a browser's answer to a registration counts. @throws VALIDATION_FAILED */
export const toAttestation = (object: JsonObject): RegistrationResponseJSON => {
  const transports = at(object, ['response', 'transports']);
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
