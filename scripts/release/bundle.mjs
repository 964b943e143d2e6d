import { rolldown } from 'rolldown';
import { inProject } from '../lib/project.mjs';
import { PlainError } from '../lib/entry.mjs';

/** Packages that stay as they are: they have native code, or start a thread from a file of their own. */
export const EXTERNAL = ['better-sqlite3', '@node-rs/argon2', 'piscina'];

/** The programs, and the files that a thread begins with: flat beside each other, as the code expects its threads. */
const ENTRIES = {
  main: 'main.js',
  opstage: 'cli/main.js',
  'json-schema.worker': 'modules/agents/schemas/json-schema.worker.js',
  'passwords.worker': 'modules/auth/passwords/passwords.worker.js',
  'sqlite.worker': 'database/sqlite/sqlite.worker.js',
};

const packageOf = (id) => /.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? null;

/**
 * Collects the modules and refuses a package that is there as ESM and as CommonJS: two classes of one name, of which each half
 * of the program uses another. class-transformer did that, and the server then refused every registration. An ESM file that
 * only passes a CommonJS one on is no second form.
 */
const oneForm = () => ({
  name: 'one-form',
  generateBundle() {
    const forms = new Map();
    for (const id of this.getModuleIds()) {
      const folder = packageOf(id);
      const info = this.getModuleInfo(id);
      if (folder === null || info === null || info.inputFormat === 'unknown' || id.includes('?')) continue;
      const isWrapper =
        info.inputFormat === 'es' &&
        info.importedIds.some((one) => this.getModuleInfo(one)?.inputFormat === 'cjs' && packageOf(one) === folder);
      if (!isWrapper) forms.set(folder, (forms.get(folder) ?? new Set()).add(info.inputFormat));
    }
    const twice = [...forms]
      .filter(([, found]) => found.size > 1)
      .map(([folder]) => folder.replace(/.*node_modules\//, ''));
    if (twice.length > 0)
      throw new PlainError(`These packages would be in the release in two forms: ${twice.join(', ')}.`);
  },
});

/**
 * Bundles the built server, its commands and its threads into `folder`. Decorators, metadata and class names stay as tsc wrote
 * them; names are not shortened, because stack traces and dependency injection show them.
 */
export const bundleServer = async (folder) => {
  const input = Object.fromEntries(
    Object.entries(ENTRIES).map(([name, path]) => [name, inProject('dist', 'server', path)]),
  );
  const bundle = await rolldown({
    input,
    cwd: inProject(),
    platform: 'node',
    external: (id) => EXTERNAL.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [oneForm()],
    logLevel: process.env.RELEASE_DEBUG ? 'debug' : 'silent',
  });
  try {
    const names = { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' };
    const minify = { compress: true, mangle: false, codegen: true };
    await bundle.write({ dir: folder, format: 'esm', keepNames: true, minify, ...names });
  } finally {
    await bundle.close();
  }
};
