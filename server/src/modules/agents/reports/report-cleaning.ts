import { CODE_PATTERN, DangerLevel, HealthStatus, MAX_CODE_LENGTH } from '#contracts';
import { redactText } from '../../../common/redaction.js';
import {
  type Cleaner,
  type Cleaning,
  isPlainObject,
  type PlainObject,
  shownValue,
  wordOf,
} from '../../../http/validation/cleaning.js';
import { cleanText, cut, isWithinLength } from '../../../http/validation/texts.js';
import { ACTION_NAME, LIMITS } from './report-content.js';

const isOneOf = (values: object, value: string): boolean => Object.values(values).includes(value);

const at = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Fields that are undefined would fail rules that only let a field be missing. */
const present = (fields: PlainObject): PlainObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const statusOf = (value: unknown, path: string, cleaning: Cleaning): string => {
  const word = typeof value === 'string' ? value.trim().toUpperCase() : '';
  const status = isOneOf(HealthStatus, word) ? word : HealthStatus.UNKNOWN;
  if (status !== value) cleaning.note(path, `${shownValue(value)} is no status; it counts as ${status}`);
  return status;
};

/** The entries that fit, in their order. */
const detailsOf = (value: unknown, path: string, cleaning: Cleaning): PlainObject | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isPlainObject(value)) cleaning.note(path, 'was not an object; it is kept as its "value"');
  const details = isPlainObject(value) ? value : { value };
  let left = LIMITS.value - 2;
  const fits = ([key, item]: [string, unknown]): boolean => {
    const length = JSON.stringify({ [key]: item }).length - 1;
    const isKept = length <= left;
    if (isKept) left -= length;
    else cleaning.note(at(path, cut(key, 80)), `was left out: the details are longer than ${LIMITS.value} characters`);
    return isKept;
  };
  return Object.fromEntries(Object.entries(details).filter(fits));
};

/** A health whose status counts, whatever is wrong with the rest; undefined when there is none. */
export const cleanHealth = (value: unknown, path: string, cleaning: Cleaning): PlainObject | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') cleaning.note(path, 'was a text; it is taken as the status');
  const health: PlainObject = typeof value === 'string' ? { status: value } : isPlainObject(value) ? value : {};
  return present({
    status: statusOf(health.status, at(path, 'status'), cleaning),
    message: cleaning.text(health.message, LIMITS.message, at(path, 'message')),
    details: detailsOf(health.details, at(path, 'details'), cleaning),
  });
};

const orElse = (text: string | undefined, otherwise: string): string =>
  text === undefined || text === '' ? otherwise : text;

/** A key or name cannot be shortened: it would be another one. Null leaves the item out. */
const identityOf = (value: unknown, max: number, pattern?: RegExp): string | null => {
  if (typeof value !== 'string') return null;
  const clean = cleanText(value);
  return clean !== '' && isWithinLength(clean, max) && (pattern?.test(clean) ?? true) ? clean : null;
};

const cleanConfig = (value: unknown, path: string, cleaning: Cleaning): PlainObject[] => {
  const item: PlainObject = isPlainObject(value) ? value : {};
  const key = identityOf(item.key, LIMITS.key);
  if (key === null) {
    cleaning.note(path, `was left out: its key must be a text of 1 to ${LIMITS.key} characters`);
    return [];
  }
  const text = (name: 'type' | 'label' | 'source', max: number): string | undefined =>
    cleaning.text(item[name], max, at(path, name));
  const ref =
    item.secretRef === undefined || item.secretRef === null ? undefined : identityOf(item.secretRef, LIMITS.ref);
  if (ref === null)
    cleaning.note(at(path, 'secretRef'), `was left out: it must be a text of at most ${LIMITS.ref} characters`);
  const type = text('type', LIMITS.short);
  if (!type) cleaning.note(at(path, 'type'), 'is missing; it counts as "unknown"');
  return [
    present({
      key,
      type: orElse(type, 'unknown'),
      label: text('label', LIMITS.name),
      source: text('source', LIMITS.name),
      editable: cleaning.flag(item.editable, false, at(path, 'editable')),
      // In doubt no value is stored.
      sensitive: cleaning.flag(item.sensitive, true, at(path, 'sensitive')),
      valuePreview: cleaning.json(item.valuePreview, LIMITS.value, at(path, 'valuePreview')) ?? undefined,
      defaultValue: cleaning.json(item.defaultValue, LIMITS.value, at(path, 'defaultValue')) ?? undefined,
      secretRef: ref ?? undefined,
    }),
  ];
};

const dangerOf = (value: unknown, path: string, cleaning: Cleaning): string | undefined => {
  if (value === undefined || value === null) return undefined;
  const word = wordOf(value).toUpperCase();
  const level = isOneOf(DangerLevel, word) ? word : DangerLevel.HIGH;
  if (level !== value) cleaning.note(path, `${shownValue(value)} is no danger level; it counts as ${level}`);
  return level;
};

/** Without its schema an action would take any payload, and show what is secret in it: then it is left out. */
const hasUsableSchema = ({ inputSchema }: PlainObject): boolean =>
  inputSchema === undefined ||
  inputSchema === null ||
  (isPlainObject(inputSchema) && JSON.stringify(inputSchema).length <= LIMITS.schema);

const faultOfAction = (action: PlainObject): string | null => {
  if (identityOf(action.name, LIMITS.actionName, ACTION_NAME) === null) {
    return `its name must match ${ACTION_NAME.source} and have 1 to ${LIMITS.actionName} characters`;
  }
  return hasUsableSchema(action) ? null : `its inputSchema must be an object of at most ${LIMITS.schema} characters`;
};

const cleanAction = (value: unknown, path: string, cleaning: Cleaning): PlainObject[] => {
  const action: PlainObject = isPlainObject(value) ? value : {};
  const fault = faultOfAction(action);
  if (fault !== null) {
    cleaning.note(path, `was left out: ${fault}`);
    return [];
  }
  const name = String(action.name);
  const label = cleaning.text(action.label, LIMITS.name, at(path, 'label'));
  if (!label) cleaning.note(at(path, 'label'), 'is missing; the name stands for it');
  return [
    present({
      name,
      label: orElse(label, name),
      description: cleaning.text(action.description, LIMITS.message, at(path, 'description')),
      category: cleaning.text(action.category, LIMITS.category, at(path, 'category')),
      order: cleaning.integer(action.order, LIMITS.order, at(path, 'order')),
      dangerLevel: dangerOf(action.dangerLevel, at(path, 'dangerLevel'), cleaning),
      requiresConfirmation: cleaning.flag(action.requiresConfirmation, true, at(path, 'requiresConfirmation')),
      inputSchema: action.inputSchema ?? undefined,
      timeoutSeconds: cleaning.integer(action.timeoutSeconds, LIMITS.timeout, at(path, 'timeoutSeconds')),
      enabled: cleaning.flag(action.enabled, false, at(path, 'enabled')),
    }),
  ];
};

/** Null leaves it out: it is then derived from the service. */
const manifestOf = (value: unknown, code: string, path: string, cleaning: Cleaning): PlainObject | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isPlainObject(value) || JSON.stringify(value).length > LIMITS.manifest) {
    cleaning.note(path, `was left out: it must be an object of at most ${LIMITS.manifest} characters as JSON`);
    return undefined;
  }
  const { kind = 'CapsuleService', code: own = code, ...rest } = value;
  if (kind === 'CapsuleService' && own === code) return value;
  cleaning.note(path, 'had the kind or code of something else; those of the service are kept');
  return rest;
};

const codeOf = (value: PlainObject): string | null => identityOf(value.code, MAX_CODE_LENGTH, CODE_PATTERN);

const itemsOf = (
  value: unknown,
  path: string,
  cleaning: Cleaning,
  clean: (item: unknown, path: string, cleaning: Cleaning) => PlainObject[],
): PlainObject[] | undefined =>
  cleaning.list(value, LIMITS.items, path)?.flatMap((item, i) => clean(item, `${path}.${i}`, cleaning));

/** The service without what cannot be kept of it; null, and rejected, when it has no usable code. */
export const cleanService = (value: unknown, path: string, cleaning: Cleaning): PlainObject | null => {
  const service: PlainObject = isPlainObject(value) ? value : {};
  const code = codeOf(service);
  cleaning.serviceCode = code;
  if (code === null) {
    const shown = typeof service.code === 'string' ? cut(redactText(service.code), MAX_CODE_LENGTH) : '';
    const rule = `code must match ${CODE_PATTERN.source} and have 1 to ${MAX_CODE_LENGTH} characters`;
    cleaning.reject(shown, isPlainObject(value) ? `${path}: ${rule}` : `${path}: must be an object`);
    return null;
  }
  const text = (name: 'description' | 'version' | 'runtime', max: number): string | undefined =>
    cleaning.text(service[name], max, at(path, name));
  const name = cleaning.text(service.name, LIMITS.name, at(path, 'name'));
  if (!name) cleaning.note(at(path, 'name'), 'is missing; the code stands for it');
  const clean = present({
    code,
    name: orElse(name, code),
    description: text('description', LIMITS.message),
    version: text('version', LIMITS.short),
    runtime: text('runtime', LIMITS.short),
    manifest: manifestOf(service.manifest, code, at(path, 'manifest'), cleaning),
    health: cleanHealth(service.health, at(path, 'health'), cleaning),
    configs: itemsOf(service.configs, at(path, 'configs'), cleaning, cleanConfig),
    actions: itemsOf(service.actions, at(path, 'actions'), cleaning, cleanAction),
  });
  cleaning.serviceCode = null;
  return clean;
};

/** A report without the services, and the parts of services, that cannot be kept. */
export const cleanReport: Cleaner = (plain, cleaning) => {
  if (!Array.isArray(plain.services)) return plain;
  const services: readonly unknown[] = plain.services;
  const isListedWhole = services.length <= 2 * LIMITS.services;
  if (!isListedWhole)
    cleaning.note('services', `had ${services.length} entries; the first ${LIMITS.services} are kept`);
  for (const more of services.slice(LIMITS.services, 2 * LIMITS.services)) {
    const code = isPlainObject(more) ? codeOf(more) : null;
    cleaning.reject(code ?? '', `A report lists at most ${LIMITS.services} services; send the others in another one.`);
  }
  const kept = services.slice(0, LIMITS.services);
  return present({
    services: kept.flatMap((service, i) => cleanService(service, `services.${i}`, cleaning) ?? []),
    // In doubt nothing is retired.
    complete: isListedWhole ? cleaning.flag(plain.complete, false, 'complete') : false,
  });
};

const PROCESS_LIMITS = { name: 200, runtime: 80, version: 80, hostname: 255, os: 80, arch: 80 } as const;

const processOf = (value: unknown, cleaning: Cleaning): PlainObject | undefined => {
  if (value === undefined || value === null) return undefined;
  if (!isPlainObject(value)) {
    cleaning.note('agent', 'was not an object; it was left out');
    return undefined;
  }
  const texts = Object.entries(PROCESS_LIMITS).map(([key, max]) => {
    const text = cleaning.text(value[key], max, `agent.${key}`);
    return [key, text === '' ? undefined : text] as const;
  });
  return present(Object.fromEntries(texts));
};

/** Whoever says that it leaves does, whatever it says of its return. */
const leavingOf = (leaving: unknown, cleaning: Cleaning): PlainObject | undefined => {
  if (leaving === undefined || leaving === null || leaving === false) return undefined;
  if (!isPlainObject(leaving)) {
    cleaning.note('leaving', 'was not an object; it counts as one without fields');
    return {};
  }
  const range = { min: 0, max: LIMITS.backInSeconds };
  return present({ backInSeconds: cleaning.integer(leaving.backInSeconds, range, 'leaving.backInSeconds') });
};

/** A heartbeat whose every status counts. */
export const cleanHeartbeat: Cleaner = ({ serviceId, health, services, agent, leaving, ...rest }, cleaning) => {
  const entries = cleaning.list(services, LIMITS.services, 'services')?.flatMap((entry, i) => {
    const service: PlainObject = isPlainObject(entry) ? entry : {};
    const code = codeOf(service);
    cleaning.serviceCode = code;
    const own = code === null ? undefined : cleanHealth(service.health, `services.${i}.health`, cleaning);
    if (own === undefined) cleaning.note(`services.${i}`, 'was left out: it needs the code of a service, and a health');
    cleaning.serviceCode = null;
    return own ? [{ code, health: own }] : [];
  });
  if (serviceId !== undefined && serviceId !== null && typeof serviceId !== 'string') {
    cleaning.note('serviceId', 'was left out: it must be a text');
  }
  return present({
    ...rest,
    serviceId: typeof serviceId === 'string' ? serviceId : undefined,
    health: cleanHealth(health, 'health', cleaning),
    services: entries,
    agent: processOf(agent, cleaning),
    leaving: leavingOf(leaving, cleaning),
  });
};
