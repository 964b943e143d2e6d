import { canonicalJson } from '../../../common/crypto/hashes.js';
import type { CapsuleServiceEntity } from '../services/capsule-service.entity.js';
import { RowChanges } from '../services/service-details.repository.js';
import { ServiceNote } from '../services/service-events.js';
import type { ServiceContent } from './report-content.js';

/** Names of what a report added, changed and removed. */
export interface ItemChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** How a report differs from what was known. */
export interface ServiceChanges {
  readonly fields: readonly string[];
  /** Null when none changed. */
  readonly configs: ItemChanges | null;
  /** Null when none changed. */
  readonly actions: ItemChanges | null;
  /** It was retired and is reported again. */
  readonly returned: boolean;
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

interface Diff<R, C, I> {
  readonly rows: readonly (R & { readonly id: I })[];
  readonly contents: readonly C[];
  /** What tells one row from another: a config's key, an action's name. */
  readonly keyOf: (content: C | R) => string;
  readonly contentOf: (row: R) => C;
  /** Makes the row of a content: with a new id, or with that of the row it replaces. */
  readonly toRow: (content: C, id: I | null) => R;
}

/** What must change so that `rows` say what `contents` say: rows that already do are left alone and keep their id. */
export const diffRows = <R, C, I>({ rows, contents, keyOf, contentOf, toRow }: Diff<R, C, I>): RowChanges<R> => {
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  const wanted = new Set(contents.map(keyOf));
  const added = contents.filter((content) => !known.has(keyOf(content)));
  const changed = contents.flatMap((content) => {
    const row = known.get(keyOf(content));
    return row && canonicalJson(contentOf(row)) !== canonicalJson(content) ? [toRow(content, row.id)] : [];
  });
  return {
    added: added.map((content) => toRow(content, null)),
    changed,
    removed: rows.filter((row) => !wanted.has(keyOf(row))),
  };
};

/** Whether there is anything to do. */
export const isEmptyChange = (changes: RowChanges<unknown>): boolean =>
  changes.added.length + changes.changed.length + changes.removed.length === 0;
