import type { Installation } from './installation.js';
import type { VisitOptions } from './stage.js';

/** A page that every check of every page goes through. */
export interface PageUnderTest {
  readonly name: string;
  readonly path: (installation: Installation) => Promise<string> | string;
  /** Who sees it; the owner when left out. */
  readonly as?: VisitOptions['as'];
}

/** A new page is added here, and is then looked at in both themes, languages and widths, by axe and by the counter of requests. */
export const PAGES: readonly PageUnderTest[] = [
  { name: 'login', path: () => '/login', as: null },
  { name: 'agents', path: () => '/agents' },
  { name: 'agent', path: async (installation) => `/agents/${(await installation.demoAgent()).id}` },
  { name: 'not-found', path: () => '/nowhere' },
];
