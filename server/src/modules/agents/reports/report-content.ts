import type { Json, Manifest, ReportedAction, ReportedConfigItem, ReportedService } from '#contracts';
import { contentHash } from '../../../common/crypto/hashes.js';
import { isSecretKey, redactObject } from '../../../common/redaction.js';
import type { ServiceActionEntity } from '../services/service-action.entity.js';
import type { ServiceConfigEntity } from '../services/service-config.entity.js';

const MAX_SHORT_TEXT = 80;

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

/** Redacts a report and fills in its defaults. Equal reports give equal hashes, whatever the order of their keys. */
export const toServiceContent = (reported: ReportedService): ServiceContent => {
  const clean = redactObject(reported) as unknown as ReportedService;
  const manifest = toManifest({ ...clean, code: reported.code });
  const content = {
    name: clean.name,
    description: clean.description ?? null,
    version: clean.version ?? textOrNull(manifest.version),
    runtime: clean.runtime ?? textOrNull(manifest.runtime),
    manifest,
    configs: clean.configs?.map(toConfigContent) ?? null,
    actions: clean.actions?.map(toActionContent) ?? null,
  };
  return { ...content, contentHash: contentHash(content) };
};

const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, MAX_SHORT_TEXT) : null;

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
    key: item.key,
    type: item.type,
    label: item.label ?? null,
    source: item.source ?? null,
    editable: item.editable ?? false,
    sensitive,
    configured: isSet(item.valuePreview) || isSet(item.secretRef),
    valuePreview: sensitive ? null : (item.valuePreview ?? null),
    defaultValue: sensitive ? null : (item.defaultValue ?? null),
    secretRef: item.secretRef ?? null,
  };
};

const isSet = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';

const toActionContent = (action: ReportedAction): ActionContent => ({
  name: action.name,
  label: action.label,
  description: action.description ?? null,
  category: action.category ?? null,
  order: action.order ?? 0,
  dangerLevel: action.dangerLevel ?? 'LOW',
  requiresConfirmation: action.requiresConfirmation ?? false,
  inputSchema: action.inputSchema ?? null,
  timeoutSeconds: action.timeoutSeconds ?? null,
  enabled: action.enabled ?? true,
});
