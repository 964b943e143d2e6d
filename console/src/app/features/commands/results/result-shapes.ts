import {
  ValueFormat,
  type DetailResult,
  type Json,
  type JsonObject,
  type ListColumn,
  type ListResult,
  type RowAction,
} from '#contracts';
import { isJsonObject } from '../../../shared/json/json-text';

const DEFAULT_PAGE_SIZE = 20;
const MAX_PAGE_SIZE = 100;

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

const toColumn = (raw: JsonObject): ListColumn | null => {
  const field = toField(raw);
  if (!field) return null;
  const width = raw.width;
  return {
    ...field,
    copyable: raw.copyable === true,
    ellipsis: raw.ellipsis === true,
    ...(typeof width === 'number' && { width: Math.min(600, Math.max(40, width)) }),
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

/** A result that asks to be drawn as a table; null when it does not, or not rightly. */
export const listResultOf = (data: JsonObject | null): ListResult | null => {
  const list = data?.list;
  if (!isJsonObject(list) || !Array.isArray(list.columns) || !Array.isArray(list.data)) return null;
  const columns = listOf(list.columns).map(toColumn).filter(isThere);
  if (columns.length === 0) return null;
  const pageSize = list.pageSize;
  const isUsable = typeof pageSize === 'number' && Number.isInteger(pageSize) && pageSize > 0;
  return {
    title: textOr(list.title, ''),
    emptyText: textOr(list.emptyText, ''),
    pageSize: isUsable ? Math.min(pageSize, MAX_PAGE_SIZE) : DEFAULT_PAGE_SIZE,
    columns,
    data: listOf(list.data),
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
