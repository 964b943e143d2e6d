import { createHash } from 'node:crypto';
import type { Json, Manifest, ReportedAction, ReportedConfigItem, ReportedService } from '#contracts';
import { canonicalJson } from '../../common/crypto/canonical-json.js';
import { isSecretKey, redactJson, redactObject, redactSchema, redactText } from '../../common/redaction/redact.js';
import type { ServiceActionEntity } from './service-action.entity.js';
import type { ServiceConfigEntity } from './service-config.entity.js';

/** What a report says of a config item: its row without the row's own fields. */
export type ConfigContent = Omit<ServiceConfigEntity, 'id' | 'serviceId' | 'service' | 'updatedAt'>;
/** What a report says of an action. */
export type ActionContent = Omit<ServiceActionEntity, 'id' | 'serviceId' | 'service'>;

/** A report as it is stored: redacted, with every default filled in. */
export interface ServiceContent {
  readonly name: string;
  readonly description: string | null;
  readonly version: string | null;
  readonly runtime: string | null;
  readonly manifest: Manifest;
  /** Null leaves what is known: a part that was not reported says nothing. */
  readonly configs: readonly ConfigContent[] | null;
  readonly actions: readonly ActionContent[] | null;
  /** SHA-256 of all of the above. */
  readonly contentHash: string;
}

/** Redacts and completes a report. Equal reports give equal hashes, whatever the order of their keys. */
export const toServiceContent = (reported: ReportedService): ServiceContent => {
  const manifest = toManifest(reported);
  const content = {
    name: redactText(reported.name),
    description: reported.description === undefined ? null : redactText(reported.description),
    version: reported.version ?? textOrNull(manifest.version),
    runtime: reported.runtime ?? textOrNull(manifest.runtime),
    manifest,
    configs: reported.configs?.map(toConfigContent) ?? null,
    actions: reported.actions?.map(toActionContent) ?? null,
  };
  return { ...content, contentHash: createHash('sha256').update(canonicalJson(content)).digest('hex') };
};

const MAX_SHORT_TEXT = 80;

const textOrNull = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, MAX_SHORT_TEXT) : null;

const toManifest = ({ code, name, version, runtime, manifest }: ReportedService): Manifest => ({
  kind: 'CapsuleService',
  schemaVersion: '1.0',
  name: redactText(name),
  ...(version !== undefined && { version }),
  ...(runtime !== undefined && { runtime }),
  ...redactObject(manifest ?? {}),
  code,
});

const toConfigContent = (item: ReportedConfigItem): ConfigContent => {
  // An item whose key reads as a secret is one, whether its service says so or not.
  const sensitive = (item.sensitive ?? false) || isSecretKey(item.key);
  return {
    key: item.key,
    type: item.type,
    label: item.label ?? null,
    source: item.source ?? null,
    editable: item.editable ?? false,
    sensitive,
    configured: isSet(item.valuePreview) || isSet(item.secretRef),
    valuePreview: sensitive ? null : redactJson(item.valuePreview),
    defaultValue: sensitive ? null : redactJson(item.defaultValue),
    secretRef: item.secretRef === undefined ? null : redactText(item.secretRef),
  };
};

const isSet = (value: Json | undefined): boolean => value !== undefined && value !== null && value !== '';

const toActionContent = (action: ReportedAction): ActionContent => ({
  name: action.name,
  label: redactText(action.label),
  description: action.description === undefined ? null : redactText(action.description),
  category: action.category ?? null,
  order: action.order ?? 0,
  dangerLevel: action.dangerLevel ?? 'LOW',
  requiresConfirmation: action.requiresConfirmation ?? false,
  inputSchema: action.inputSchema === undefined ? null : redactSchema(action.inputSchema),
  timeoutSeconds: action.timeoutSeconds ?? null,
  enabled: action.enabled ?? true,
});
