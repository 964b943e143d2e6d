import { requireRecentNode } from './config/node-version.js';

// Nothing else is imported before this: an old Node could not even read it.
requireRecentNode();
await import('./start-server.js');
