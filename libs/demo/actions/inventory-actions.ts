import { inputSchema, numberOf, textOf, type DemoAction } from '../demo-action.js';
import type { DemoState } from '../demo-state.js';
import { CATEGORY_LABELS, Category, stockStatus, type Inventory } from '../inventory.js';
import { itemDetail, itemList } from '../item-views.js';

const category = 'Inventory';
const ID = { type: 'string', title: 'Item id', description: 'For example itm_1.', minLength: 1 };
const CATEGORY = { type: 'string', title: 'Category', enum: Object.keys(Category), enumLabels: CATEGORY_LABELS };
const QUANTITY = { type: 'integer', title: 'Quantity', minimum: 1, maximum: 1000, default: 10 };

const isCategory = (text: string): text is Category => text in Category;

const listItems = (inventory: Inventory): DemoAction => ({
  declaration: {
    name: 'listItems',
    label: 'List items',
    description: 'Shows all items with their actions.',
    category,
    order: 20,
    inputSchema: inputSchema({
      category: { ...CATEGORY, description: 'Only items of this category.' },
      onlyLow: { type: 'boolean', title: 'Only low stock', default: false },
    }),
  },
  handler: ({ payload }) => {
    const wanted = textOf(payload, 'category');
    const items = inventory
      .all()
      .filter((item) => wanted === '' || item.category === wanted)
      .filter((item) => payload.onlyLow !== true || stockStatus(item) !== 'IN_STOCK');
    return { message: `${items.length} items.`, data: { list: itemList(items) } };
  },
});

const showItem = (inventory: Inventory): DemoAction => ({
  declaration: {
    name: 'itemDetail',
    label: 'Item details',
    category,
    order: 21,
    inputSchema: inputSchema({ id: ID }, ['id']),
  },
  handler: ({ payload }) => ({ data: { detail: itemDetail(inventory.getById(textOf(payload, 'id'))) } }),
});

const addItem = (inventory: Inventory): DemoAction => ({
  declaration: {
    name: 'addItem',
    label: 'Add item',
    category,
    order: 22,
    inputSchema: inputSchema(
      {
        name: { type: 'string', title: 'Name', minLength: 1, maxLength: 80 },
        category: { ...CATEGORY, default: Category.parts },
        quantity: { ...QUANTITY, minimum: 0 },
      },
      ['name'],
    ),
  },
  handler: ({ payload }) => {
    const chosen = textOf(payload, 'category', Category.parts);
    const item = inventory.add(
      textOf(payload, 'name'),
      isCategory(chosen) ? chosen : Category.parts,
      numberOf(payload, 'quantity', QUANTITY.default),
    );
    return { message: `Added ${item.id}.`, data: { detail: itemDetail(item) } };
  },
});

const restockItem = (inventory: Inventory): DemoAction => ({
  declaration: {
    name: 'restockItem',
    label: 'Restock item',
    category,
    order: 23,
    inputSchema: inputSchema({ id: ID, quantity: QUANTITY }, ['id']),
  },
  handler: ({ payload }) => {
    const item = inventory.restock(textOf(payload, 'id'), numberOf(payload, 'quantity', QUANTITY.default));
    return { message: `${item.name}: ${item.quantity} in stock.`, data: { detail: itemDetail(item) } };
  },
});

const removeItem = (inventory: Inventory): DemoAction => ({
  declaration: {
    name: 'removeItem',
    label: 'Remove item',
    category,
    order: 24,
    dangerLevel: 'MEDIUM',
    requiresConfirmation: true,
    inputSchema: inputSchema({ id: ID }, ['id']),
  },
  handler: ({ payload, log }) => {
    const item = inventory.remove(textOf(payload, 'id'));
    log('An item was removed.', { itemId: item.id });
    return { message: `Removed ${item.name}.` };
  },
});

/** Actions on the items of the demo. */
export const inventoryActions = ({ inventory }: DemoState): readonly DemoAction[] =>
  [listItems, showItem, addItem, restockItem, removeItem].map((action) => action(inventory));
