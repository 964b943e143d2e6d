import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Beside the program and not in the system's temporary folder, where somebody else might prepare it. Where nothing may
// be written, the server starts without.
enableCompileCache(join(import.meta.dirname, '..', 'compile-cache'));
await import('./serve.js');
