import type { Json, Manifest, ReportedAction, ReportedConfigItem, ReportedService } from '#contracts';
import { contentHash } from '../../../common/crypto/hashes.js';
import { isSecretKey, redactObject } from '../../../common/redaction.js';
import { cut } from '../../../http/validation/texts.js';
import type { ServiceActionEntity } from '../services/service-action.entity.js';
import type { ServiceConfigEntity } from '../services/service-config.entity.js';

/** The longest parts of a report: texts in code points, values in characters of their JSON. */
export const LIMITS = {
  /** Services in a report or heartbeat. */
  services: 200,
  /** Configuration items, and actions, of a service. */
  items: 500,
  name: 200,
  key: 200,
  /** Of a health message or description. */
  message: 2_000,
  /** Of a version, runtime or type. */
  short: 80,
  category: 120,
  actionName: 120,
  ref: 500,
  /** Health details, and the values of a configuration item. */
  value: 10_000,
  schema: 100_000,
  manifest: 200_000,
  order: { min: -1_000_000, max: 1_000_000 },
  /** A day. */
  backInSeconds: 86_400,
  /** A day. */
  timeout: { min: 1, max: 86_400 },
} as const;

export const ACTION_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What a report says about a config item: its row without ids and times. */
export type ConfigContent = Omit<ServiceConfigEntity, 'id' | 'serviceId' | 'service' | 'updatedAt'>;
/** What a report says about an action. */
export type ActionContent = Omit<ServiceActionEntity, 'id' | 'serviceId' | 'service'>;

/** A reported service as it is stored: redacted, with every default filled in. */
export interface ServiceContent {
  readonly name: string;
  readonly description: string | null;
  readonly version: string | null;
  readonly runtime: string | null;
  readonly manifest: Manifest;
  /** Null when the report has none: the stored ones then stay. */
  readonly configs: readonly ConfigContent[] | null;
  /** Null when the report has none: the stored ones then stay. */
  readonly actions: readonly ActionContent[] | null;
  /** SHA-256 of all of the above. */
  readonly contentHash: string;
}

/** The first of several equal names; null when all differ. */
const repeated = (names: readonly string[]): string | null =>
  names.find((name, i) => names.indexOf(name) !== i) ?? null;

const hasRepeated = (names: readonly string[]): boolean => new Set(names).size < names.length;

/**
 * Why the content cannot be stored, for a person: two of its configs or actions have one name, perhaps only since redaction replaced both.
 * Null when it can.
 */
export const faultOfContent = ({ configs, actions }: ServiceContent): string | null => {
  const keys = configs?.map(({ key }) => key) ?? [];
  if (hasRepeated(keys)) return `Two of its configs have the key "${repeated(keys) ?? ''}".`;
  const names = actions?.map(({ name }) => name) ?? [];
  return hasRepeated(names) ? `Two of its actions have the name "${repeated(names) ?? ''}".` : null;
};

/** Redacts a report and fills in its defaults. Equal reports give equal hashes, whatever the order of their keys. */
export const toServiceContent = (reported: ReportedService): ServiceContent => {
  const clean = redactObject(reported) as unknown as ReportedService;
  const manifest = toManifest({ ...clean, code: reported.code });
  const content = {
    name: cut(clean.name, LIMITS.name),
    description: clean.description ?? null,
    version: textOrNull(clean.version ?? manifest.version),
    runtime: textOrNull(clean.runtime ?? manifest.runtime),
    manifest,
    configs: clean.configs?.map(toConfigContent) ?? null,
    actions: clean.actions?.map(toActionContent) ?? null,
  };
  return { ...content, contentHash: contentHash(content) };
};

const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? cut(value, LIMITS.short) : null;

/** Redaction may have made a text longer than its column. */
const cutOrNull = (text: string | undefined, max: number): string | null =>
  text === undefined ? null : cut(text, max);

const toManifest = ({ code, name, version, runtime, manifest }: ReportedService): Manifest => ({
  kind: 'CapsuleService',
  schemaVersion: '1.0',
  name,
  ...(version !== undefined && { version }),
  ...(runtime !== undefined && { runtime }),
  ...manifest,
  code,
});

const toConfigContent = (item: ReportedConfigItem): ConfigContent => {
  // An item whose key looks like a secret is one, even if its service does not mark it as sensitive.
  const sensitive = (item.sensitive ?? false) || isSecretKey(item.key);
  return {
    key: cut(item.key, LIMITS.key),
    type: cut(item.type, LIMITS.short),
    label: cutOrNull(item.label, LIMITS.name),
    source: cutOrNull(item.source, LIMITS.name),
    editable: item.editable ?? false,
    sensitive,
    configured: isSet(item.valuePreview) || isSet(item.secretRef),
    valuePreview: sensitive ? null : (item.valuePreview ?? null),
    defaultValue: sensitive ? null : (item.defaultValue ?? null),
    secretRef: cutOrNull(item.secretRef, LIMITS.ref),
  };
};

const isSet = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';

const toActionContent = (action: ReportedAction): ActionContent => ({
  name: cut(action.name, LIMITS.actionName),
  label: cut(action.label, LIMITS.name),
  description: action.description ?? null,
  category: cutOrNull(action.category, LIMITS.category),
  order: action.order ?? 0,
  dangerLevel: action.dangerLevel ?? 'LOW',
  requiresConfirmation: action.requiresConfirmation ?? false,
  inputSchema: action.inputSchema ?? null,
  timeoutSeconds: action.timeoutSeconds ?? null,
  enabled: action.enabled ?? true,
});
