import type { DatabaseKind } from '#contracts';

const IS_ASKED_FOR = `(label.key IN (:...label) OR label.key || ':' || %value IN (:...label))`;

/** PostgreSQL reads no text with half a surrogate pair, which is a text all the same: such a manifest has no labels here. */
const POSTGRES_LABELS = `CASE
  WHEN strpos(service.manifest, '\\ud') > 0 THEN '{}'
  WHEN json_typeof(CAST(service.manifest AS json) -> 'labels') = 'object' THEN CAST(service.manifest AS json) -> 'labels'
  ELSE '{}' END`;

/**
 * Whether a `service` has one of the labels `:...label`, each a key or `key:value`, as SQL. What is no text is no label,
 * here as where labels are shown.
 */
export const HAS_LABEL_SQL: Readonly<Record<DatabaseKind, string>> = {
  sqlite: `EXISTS (SELECT 1 FROM json_each(service.manifest, '$.labels') AS label
    WHERE label.type = 'text' AND ${IS_ASKED_FOR.replace('%value', 'label.value')})`,
  postgres: `EXISTS (SELECT 1 FROM json_each(${POSTGRES_LABELS}) AS label
    WHERE json_typeof(label.value) = 'string' AND ${IS_ASKED_FOR.replace('%value', `(label.value #>> '{}')`)})`,
};
