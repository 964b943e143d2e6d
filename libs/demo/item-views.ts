import type { DetailResult, JsonObject, ListResult, RowAction } from '#contracts';
import { stockStatus, type Item } from './inventory.js';

const asRow = (item: Item): JsonObject => ({ ...item, status: stockStatus(item) });

const rowActions: readonly RowAction[] = [
  { label: 'Details', action: 'itemDetail', payload: { id: '$row.id' } },
  { label: 'Restock', action: 'restockItem', payload: { id: '$row.id', quantity: 10 } },
  {
    label: 'Remove',
    action: 'removeItem',
    payload: { id: '$row.id' },
    danger: true,
    confirm: 'The item and its history will be gone.',
  },
];

/** Items as a table for the console. */
export const itemList = (items: readonly Item[]): ListResult => ({
  title: 'Inventory',
  emptyText: 'No item matches.',
  pageSize: 10,
  columns: [
    { key: 'id', label: 'Id', format: 'code', copyable: true, width: 90 },
    { key: 'name', label: 'Name', format: 'text', ellipsis: true },
    { key: 'status', label: 'Stock', format: 'status' },
    { key: 'quantity', label: 'Quantity' },
    { key: 'isReserved', label: 'Reserved', format: 'boolean' },
    { key: 'leadTimeMs', label: 'Lead time', format: 'duration' },
    { key: 'manualBytes', label: 'Manual', format: 'bytes' },
    { key: 'changedAt', label: 'Changed', format: 'relativeTime' },
  ],
  data: items.map(asRow),
  rowActions,
  pageActions: [
    { label: 'Add item', action: 'addItem' },
    { label: 'Only low stock', action: 'listItems', payload: { onlyLow: true } },
  ],
});

/** One item as a list of fields for the console. */
export const itemDetail = (item: Item): DetailResult => ({
  title: item.name,
  data: asRow(item),
  fields: [
    { key: 'id', label: 'Id', format: 'code' },
    { key: 'name', label: 'Name', format: 'text' },
    { key: 'category', label: 'Category', format: 'text' },
    { key: 'status', label: 'Stock', format: 'status' },
    { key: 'quantity', label: 'Quantity' },
    { key: 'isReserved', label: 'Reserved', format: 'boolean' },
    { key: 'leadTimeMs', label: 'Lead time', format: 'duration' },
    { key: 'manualBytes', label: 'Manual', format: 'bytes' },
    { key: 'addedAt', label: 'Added', format: 'datetime' },
    { key: 'changedAt', label: 'Changed', format: 'relativeTime' },
  ],
  actions: [
    { label: 'Restock', action: 'restockItem', payload: { id: item.id, quantity: 10 } },
    { label: 'Back to the list', action: 'listItems' },
  ],
});
