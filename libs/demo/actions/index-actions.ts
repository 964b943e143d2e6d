import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoAction } from '../demo-action.js';
import type { DemoState } from '../demo-state.js';
import type { Item } from '../inventory.js';

const SHELVES = 20;
const SHELF_MS = 500;

/** The shelf of an item; the first twenty items are on different shelves. */
const shelfOf = ({ id }: Item): number => Number(id.replace(/\D/g, '')) % SHELVES || SHELVES;

const wordsOf = ({ name }: Item): readonly string[] => name.toLowerCase().split(/\s+/);

/** An action that reports its progress, shelf by shelf, and takes `shelfMs` for each. */
export const indexActions = ({ inventory }: DemoState, shelfMs = SHELF_MS): readonly DemoAction[] => [
  {
    declaration: {
      name: 'rebuildIndex',
      label: 'Rebuild index',
      description: 'Goes through all shelves in about ten seconds. It stops immediately when cancelled.',
      category: 'Maintenance',
      order: 42,
      timeoutSeconds: 60,
    },
    handler: async ({ signal, log, progress }) => {
      const index = new Map<string, readonly string[]>();
      for (let shelf = 1; shelf <= SHELVES; shelf += 1) {
        await sleep(shelfMs, undefined, { signal });
        for (const item of inventory.all().filter((candidate) => shelfOf(candidate) === shelf)) {
          for (const word of wordsOf(item)) index.set(word, [...(index.get(word) ?? []), item.id]);
          log(`Indexed ${item.name}.`, { shelf });
        }
        progress((shelf / SHELVES) * 100, `Shelf ${shelf} of ${SHELVES}`);
      }
      const items = new Set([...index.values()].flat()).size;
      return { message: `Indexed ${items} items by ${index.size} words.`, data: { items, words: index.size } };
    },
  },
];
