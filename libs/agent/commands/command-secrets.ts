import type { CommandResultRequest, Json, JsonObject } from '../../contracts/index.js';
import { isSecretName } from '../base/secret-names.js';
import { Secrets } from '../base/secrets.js';

/** The values in `payload` that a form took as secrets: their name reads as one, or their schema seals it. */
export const secretsIn = (payload: JsonObject, sealedNames: ReadonlySet<string>): Secrets => {
  const secrets = new Secrets();
  const collect = (value: Json, isSecret: boolean): void => {
    if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value as JsonObject))
        collect(item, isSecret || (!Array.isArray(value) && (sealedNames.has(key) || isSecretName(key))));
    } else if (isSecret && value !== null && typeof value !== 'boolean') secrets.add(String(value));
  };
  collect(payload, false);
  return secrets;
};

/**
 * The result with every one of these secrets masked, and `data.generatedKey` wherever it is repeated; the key itself stays,
 * because the server shows it once.
 */
export const maskResult = (result: CommandResultRequest, secrets: Secrets): CommandResultRequest => {
  const generatedKey = result.data?.generatedKey;
  if (typeof generatedKey === 'string') secrets.add(generatedKey);
  if (secrets.isEmpty) return result;
  const masked = maskJson(result as unknown as Json, secrets) as unknown as CommandResultRequest;
  return generatedKey === undefined ? masked : { ...masked, data: { ...masked.data, generatedKey } };
};

const maskJson = (value: Json, secrets: Secrets): Json => {
  if (typeof value === 'string') return secrets.mask(value);
  if (typeof value === 'number') {
    const masked = secrets.mask(String(value));
    return masked === String(value) ? value : masked;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => maskJson(item, secrets));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [secrets.mask(key), maskJson(item, secrets)]));
};
