import type { AuditAction } from '#contracts';
import { canonicalJson } from '../../common/crypto/canonical-json.js';
import type { CapsuleServiceEntity } from './capsule-service.entity.js';
import type { ServiceContent } from './service-report.js';

/** Names of what a report added, changed and removed. */
export interface PartChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** How a report differs from what was known. */
export interface ServiceChanges {
  readonly fields: readonly string[];
  /** Null when none changed. */
  readonly configs: PartChanges | null;
  /** Null when none changed. */
  readonly actions: PartChanges | null;
  /** It was retired and is reported again. */
  readonly returned: boolean;
}

/** An audit event about a service, without its actor and target. */
export interface ServiceNote {
  readonly action: AuditAction;
  readonly message: string;
  readonly metadata?: object;
}

const FIELDS = ['name', 'description', 'version', 'runtime', 'manifest'] as const;

/** The fields of the service that `content` gives another value. */
export const changedFields = (service: CapsuleServiceEntity, content: ServiceContent): readonly string[] =>
  FIELDS.filter((field) => canonicalJson(service[field]) !== canonicalJson(content[field]));

export const isChange = ({ fields, configs, actions, returned }: ServiceChanges): boolean =>
  fields.length > 0 || configs !== null || actions !== null || returned;

/** What the audit says of these changes; nothing when there are none. */
export const changeNotes = (
  service: CapsuleServiceEntity,
  content: ServiceContent,
  changes: ServiceChanges,
): readonly ServiceNote[] => {
  if (!isChange(changes)) return [];
  const { code, version: from } = service;
  const { version: to } = content;
  const notes: ServiceNote[] = [];
  if (changes.configs) {
    const message = `The configuration of service ${code} changed.`;
    notes.push({ action: 'service.config.changed', message, metadata: changes.configs });
  }
  if (from !== to) {
    const message = `Service ${code} went from version ${from ?? 'unknown'} to ${to ?? 'unknown'}.`;
    notes.push({ action: 'service.version.changed', message, metadata: { from, to } });
  }
  return [...notes, { action: 'service.reported', message: `Service ${code} reported a change.`, metadata: changes }];
};
