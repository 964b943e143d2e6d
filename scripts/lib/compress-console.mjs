import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { inProject } from './project.mjs';

const TEXT = ['.css', '.html', '.ico', '.js', '.json', '.svg', '.txt', '.webmanifest'];
/** A smaller file fits into one packet as it is. */
const MIN_BYTES = 1_024;

const brotliAll = (content) =>
  promisify(brotliCompress)(content, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });

/** Writes `<file>.br` and `<file>.gz` beside each text file of the built console, so that the server need not compress any. */
const compress = async (file) => {
  const content = readFileSync(file);
  if (content.length < MIN_BYTES) return;
  const [br, gz] = await Promise.all([brotliAll(content), promisify(gzip)(content, { level: 9 })]);
  writeFileSync(`${file}.br`, br);
  writeFileSync(`${file}.gz`, gz);
};

const files = readdirSync(inProject('dist', 'console'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && TEXT.includes(extname(entry.name)))
  .map((entry) => join(entry.parentPath, entry.name));
await Promise.all(files.map(compress));
