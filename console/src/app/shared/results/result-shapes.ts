import {
  ValueFormat,
  type DetailResult,
  type Json,
  type JsonObject,
  type ListColumn,
  type ListResult,
  type RowAction,
} from '#contracts';
import { isJsonObject, scalarText } from '../json/json-text';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;
/** Of a list that names no columns. */
const MAX_INFERRED_COLUMNS = 8;
/** What a row's payload brings for the form that it leads to; it is no value of the payload. */
export const DETAIL_HINT = '__detail';

type Field = DetailResult['fields'][number];

const textOr = <T>(value: Json | undefined, fallback: T): string | T => (typeof value === 'string' ? value : fallback);

const listOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];

const formatOf = (value: Json | undefined): ValueFormat =>
  typeof value === 'string' && Object.hasOwn(ValueFormat, value) ? (value as ValueFormat) : 'text';

const toField = (raw: JsonObject): Field | null =>
  typeof raw.key === 'string'
    ? { key: raw.key, label: textOr(raw.label, raw.key), format: formatOf(raw.format) }
    : null;

/** A width in CSS, within bounds: a number is in pixels. */
const widthOf = (width: Json | undefined): string | null => {
  const [, amount, unit = 'px'] = /^(\d{1,4}(?:\.\d{1,2})?)(px|em|rem|ch|%)?$/.exec(scalarText(width)) ?? [];
  if (amount === undefined) return null;
  if (unit === 'px') return `${Math.min(600, Math.max(40, Number(amount)))}px`;
  return `${Math.min(unit === '%' ? 100 : 60, Number(amount))}${unit}`;
};

const toColumn = (raw: JsonObject): ListColumn | null => {
  const field = toField(raw);
  if (!field) return null;
  const width = widthOf(raw.width);
  return {
    ...field,
    copyable: raw.copyable === true,
    ellipsis: raw.ellipsis === true,
    ...(width !== null && { width }),
  };
};

const toAct = ({ label, action, payload, danger, confirm }: JsonObject): RowAction | null =>
  typeof action === 'string'
    ? {
        action,
        label: textOr(label, action),
        danger: danger === true,
        confirm: typeof confirm === 'string' ? confirm : confirm === true,
        ...(isJsonObject(payload) && { payload }),
      }
    : null;

const isThere = <T>(value: T | null): value is T => value !== null;

/** What the first row has, when the list does not say what to show. */
const inferredColumns = ([first = {}]: readonly JsonObject[]): readonly ListColumn[] =>
  Object.keys(first)
    .filter((key) => key !== DETAIL_HINT)
    .slice(0, MAX_INFERRED_COLUMNS)
    .map((key) => ({ key, label: key, format: 'text' }));

/** A result that asks to be drawn as a table; null when it does not, or not rightly. */
export const listResultOf = (data: JsonObject | null): ListResult | null => {
  const list = data?.list;
  if (!isJsonObject(list) || !Array.isArray(list.data)) return null;
  const rows = listOf(list.data);
  const named = listOf(list.columns).map(toColumn).filter(isThere);
  const columns = named.length > 0 ? named : inferredColumns(rows);
  if (columns.length === 0 && list.columns !== undefined) return null;
  const pageSize = list.pageSize;
  const isUsable = typeof pageSize === 'number' && Number.isInteger(pageSize) && pageSize > 0;
  return {
    title: textOr(list.title, ''),
    emptyText: textOr(list.emptyText, ''),
    pageSize: isUsable ? Math.min(pageSize, MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE,
    columns,
    data: rows,
    rowActions: listOf(list.rowActions).map(toAct).filter(isThere),
    pageActions: listOf(list.pageActions).map(toAct).filter(isThere),
  };
};

/** A result that asks to be drawn as a list of fields; null when it does not, or not rightly. */
export const detailResultOf = (data: JsonObject | null): DetailResult | null => {
  const detail = data?.detail;
  if (!isJsonObject(detail) || !isJsonObject(detail.data)) return null;
  const shown = detail.data;
  const named = listOf(detail.fields).map(toField).filter(isThere);
  const fields = named.length > 0 ? named : Object.keys(shown).map((key) => ({ key, label: key }));
  return {
    title: textOr(detail.title, ''),
    data: shown,
    fields,
    actions: listOf(detail.actions).map(toAct).filter(isThere),
  };
};

/** Details that are shown above a form: as a result's, or plainly an object's values; null without any. */
export const detailHintOf = (hint: Json | undefined): DetailResult | null => {
  if (!isJsonObject(hint) || Object.keys(hint).length === 0) return null;
  return detailResultOf({ detail: isJsonObject(hint.data) ? hint : { data: hint } });
};
