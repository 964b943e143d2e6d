import type { DatabaseKind } from '#contracts';

/** `:name`, or `:...name` for a list; a cast (`::text`) does not count. */
const PLACEHOLDER = /(?<!:):(\.\.\.)?([A-Za-z]\w*)/g;

const templates = new Map<string, Template>();
/** Statements are written in code, so there are few; texts assembled on each call must not fill the memory. */
const MAX_TEMPLATES = 1_000;

/** What each driver takes: SQLite has no booleans. */
const BINDABLE: Readonly<Record<DatabaseKind, (value: unknown) => unknown>> = {
  sqlite: (value) => (typeof value === 'boolean' ? Number(value) : value),
  postgres: (value) => value,
};

/** The values of a statement, by name. */
export type SqlParameters = Readonly<Record<string, unknown>>;

/** A statement in the driver's own form. */
interface BoundSql {
  readonly sql: string;
  readonly values: unknown[];
}

interface Placeholder {
  readonly name: string;
  /** A list, expanded to one placeholder for each of its values. */
  readonly isList: boolean;
}

interface Template {
  /** The text around the placeholders: one part more than placeholders. */
  readonly texts: readonly string[];
  readonly placeholders: readonly Placeholder[];
  /** The finished text for each database, where no list makes it vary. */
  readonly fixed: Partial<Record<DatabaseKind, string>>;
}

/** Runs statements with `:name` and `:...name` parameters on one connection. */
export interface Statements {
  /** The rows of a SELECT. @throws QueryFailedError */
  rows<R>(text: string, parameters: SqlParameters): Promise<R[]>;
  /** How many rows a statement inserted, changed or deleted. @throws QueryFailedError */
  changes(text: string, parameters: SqlParameters): Promise<number>;
}

/** Replaces `:name` and `:...name` by the driver's own placeholders. @throws Error for a missing parameter */
export const bindSql = (kind: DatabaseKind, text: string, parameters: SqlParameters): BoundSql => {
  const template = templateOf(text);
  const { texts, placeholders, fixed } = template;
  const known = fixed[kind];
  const bind = BINDABLE[kind];
  if (known !== undefined) {
    return { sql: known, values: placeholders.map(({ name }) => bind(given(text, parameters, name))) };
  }
  const values: unknown[] = [];
  const place = (value: unknown): string => {
    values.push(bind(value));
    return kind === 'postgres' ? `$${values.length}` : '?';
  };
  let sql = texts[0] ?? '';
  placeholders.forEach(({ name, isList }, i) => {
    const value = given(text, parameters, name);
    sql += isList ? listOf(value).map(place).join(', ') : place(value);
    sql += texts[i + 1] ?? '';
  });
  if (!placeholders.some(({ isList }) => isList)) fixed[kind] = sql;
  return { sql, values };
};

const given = (text: string, parameters: SqlParameters, name: string): unknown => {
  const value = parameters[name];
  if (value === undefined) throw new Error(`The statement needs :${name}: ${text}`);
  return value;
};

const listOf = (value: unknown): readonly unknown[] => {
  if (!Array.isArray(value) || value.length === 0) throw new Error('A list in a statement needs a value.');
  return value;
};

const templateOf = (text: string): Template => {
  const known = templates.get(text);
  if (known) return known;
  const texts: string[] = [];
  const placeholders: Placeholder[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    texts.push(text.slice(end, match.index));
    placeholders.push({ name: match[2] ?? '', isList: match[1] !== undefined });
    end = match.index + match[0].length;
  }
  const template = { texts: [...texts, text.slice(end)], placeholders, fixed: {} };
  if (templates.size >= MAX_TEMPLATES) templates.clear();
  templates.set(text, template);
  return template;
};
