export const Category = { tools: 'tools', parts: 'parts', consumables: 'consumables' } as const;
export type Category = keyof typeof Category;

export const CATEGORY_LABELS: Readonly<Record<Category, string>> = {
  tools: 'Tools',
  parts: 'Spare parts',
  consumables: 'Consumables',
};

export const StockStatus = { IN_STOCK: 'IN_STOCK', LOW: 'LOW', OUT_OF_STOCK: 'OUT_OF_STOCK' } as const;
export type StockStatus = keyof typeof StockStatus;

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
  readonly quantity: number;
  readonly isReserved: boolean;
  readonly manualBytes: number;
  readonly leadTimeMs: number;
  readonly addedAt: string;
  readonly changedAt: string;
}

export const LOW_STOCK_THRESHOLD = 5;

/** The stock level of an item. */
export const stockStatus = ({ quantity }: Pick<Item, 'quantity'>): StockStatus => {
  if (quantity === 0) return 'OUT_OF_STOCK';
  return quantity < LOW_STOCK_THRESHOLD ? 'LOW' : 'IN_STOCK';
};

const HOUR_MS = 3_600_000;

/** The items of the demo, in memory: a restart restores the initial ones. */
export class Inventory {
  private readonly items = new Map<string, Item>();
  private lastNumber = 0;

  constructor(private readonly now: () => Date) {
    this.add('Torque wrench', 'tools', 12);
    this.add('Bearing 6204', 'parts', 3);
    this.add('Hydraulic oil 5 l', 'consumables', 40);
    this.add('Drive belt', 'parts', 0);
    this.add('Safety gloves', 'consumables', 25);
  }

  /** All items, oldest first. */
  all(): readonly Item[] {
    return [...this.items.values()];
  }

  /** @throws ITEM_NOT_FOUND */
  getById(id: string): Item {
    const item = this.items.get(id);
    if (!item) throw itemNotFound(id);
    return item;
  }

  /** Adds an item and returns it. */
  add(name: string, category: Category, quantity: number): Item {
    this.lastNumber += 1;
    const at = this.now().toISOString();
    const item: Item = {
      id: `itm_${this.lastNumber}`,
      name,
      category,
      quantity,
      isReserved: this.lastNumber % 3 === 0,
      manualBytes: name.length * 48_611,
      leadTimeMs: this.lastNumber * 7 * HOUR_MS,
      addedAt: at,
      changedAt: at,
    };
    this.items.set(item.id, item);
    return item;
  }

  /** Increases the quantity of an item and returns the item. @throws ITEM_NOT_FOUND */
  restock(id: string, quantity: number): Item {
    const item = this.getById(id);
    const restocked = { ...item, quantity: item.quantity + quantity, changedAt: this.now().toISOString() };
    this.items.set(id, restocked);
    return restocked;
  }

  /** Removes an item and returns it. @throws ITEM_NOT_FOUND */
  remove(id: string): Item {
    const item = this.getById(id);
    this.items.delete(id);
    return item;
  }
}

const itemNotFound = (id: string): Error =>
  Object.assign(new Error(`There is no item ${id}.`), { code: 'ITEM_NOT_FOUND' });
