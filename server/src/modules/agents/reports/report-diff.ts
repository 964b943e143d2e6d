import { canonicalJson } from '../../../common/crypto/hashes.js';
import type { CapsuleServiceEntity } from '../services/capsule-service.entity.js';
import type { RowChanges } from '../services/service-details.repository.js';
import type { ServiceNote } from '../services/service-events.js';
import type { ServiceContent } from './report-content.js';

const FIELDS = ['name', 'description', 'version', 'runtime', 'manifest'] as const;

/** The keys of the configs, or the names of the actions, that a report added, changed and removed. */
export interface ItemChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** How a report differs from the stored service. */
export interface ServiceChanges {
  readonly fields: readonly string[];
  /** Null when none changed. */
  readonly configs: ItemChanges | null;
  /** Null when none changed. */
  readonly actions: ItemChanges | null;
  /** The service was retired and is reported again. */
  readonly returned: boolean;
}

interface Diff<R, C, I> {
  readonly rows: readonly (R & { readonly id: I })[];
  readonly contents: readonly C[];
  /** Identifies a row: a config's key, an action's name. */
  readonly keyOf: (content: C | R) => string;
  readonly contentOf: (row: R) => C;
  /** Makes the row for a content; `id` is that of the row it replaces, null for a new row. */
  readonly toRow: (content: C, id: I | null) => R;
}

/** The fields of the service whose value differs in `content`. */
export const changedFields = (service: CapsuleServiceEntity, content: ServiceContent): readonly string[] =>
  FIELDS.filter((field) => canonicalJson(service[field]) !== canonicalJson(content[field]));

/** Whether anything differs. */
export const isChange = ({ fields, configs, actions, returned }: ServiceChanges): boolean =>
  fields.length > 0 || configs !== null || actions !== null || returned;

/** The audit events of these changes; empty when there are none. */
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

/** The changes that make `rows` match `contents`. Rows that already match stay as they are and keep their id. */
export const diffRows = <R, C, I>({ rows, contents, keyOf, contentOf, toRow }: Diff<R, C, I>): RowChanges<R> => {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]));
  const wanted = new Set(contents.map(keyOf));
  const added = contents.filter((content) => !byKey.has(keyOf(content)));
  const changed = contents.flatMap((content) => {
    const row = byKey.get(keyOf(content));
    return row && canonicalJson(contentOf(row)) !== canonicalJson(content) ? [toRow(content, row.id)] : [];
  });
  return {
    added: added.map((content) => toRow(content, null)),
    changed,
    removed: rows.filter((row) => !wanted.has(keyOf(row))),
  };
};

/** The names of the added, changed and removed rows; null when there are none. */
export const summarizeChanges = <R>(
  { added, changed, removed }: RowChanges<R>,
  nameOf: (row: R) => string,
): ItemChanges | null =>
  added.length + changed.length + removed.length === 0
    ? null
    : { added: added.map(nameOf), changed: changed.map(nameOf), removed: removed.map(nameOf) };
