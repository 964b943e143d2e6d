import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeBlock, codeBlocksOf, documentationPages } from './code-blocks.js';
import { PageServer } from './page-server.js';
import { PAGE_RUNS } from './pages.js';

const ROOT = join(__dirname, '..', '..', '..');

/** Why nobody knows whether the block works; null when a test runs it, or the page says why none does. */
const faultOf = ({ page, line, language, notRun, runBy }: CodeBlock): string | null => {
  const place = `${page}:${line}`;
  if (runBy !== null) {
    if (!existsSync(join(ROOT, runBy))) return `${place} says that ${runBy} runs it, which does not exist.`;
    const names = readFileSync(join(ROOT, runBy), 'utf8').includes(page);
    return names ? null : `${place} says that ${runBy} runs it, which does not name ${page}.`;
  }
  if (notRun !== null || (language === 'sh' && page in PAGE_RUNS)) return null;
  return `No test runs ${place}. Add the page to server/test/docs/pages.ts, name the spec in <!-- run by: path --> before the block, or say why not: <!-- not run: reason -->.`;
};

const isRun = ({ language, notRun, runBy }: CodeBlock): boolean =>
  language === 'sh' && notRun === null && runBy === null;

/** Each `opstage` is a process that loads the server; a page has several. */
const PAGE_TIMEOUT_MS = 180_000;

describe('the commands in the documentation', () => {
  it('are all run by a test, or say why not', () => {
    const faults = documentationPages().flatMap(codeBlocksOf).map(faultOf);
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });

  it('never fetch a package from npm that has the name of our command and is not ours', () => {
    const blocks = documentationPages().flatMap(codeBlocksOf);
    expect(blocks.filter(({ text }) => /\bnpx (--yes |-y )?opstage\b/.test(text))).toEqual([]);
  });

  it.each(Object.keys(PAGE_RUNS))(
    'of %s work, from top to bottom',
    async (page) => {
      const blocks = codeBlocksOf(page).filter(isRun);
      expect(blocks.length).toBeGreaterThan(0);
      const server = await PageServer.start();
      try {
        const { before, check } = PAGE_RUNS[page]!;
        for (const block of blocks) {
          await before?.(server, block);
          await server.run(block);
        }
        await check(server);
      } finally {
        await server.close();
      }
    },
    PAGE_TIMEOUT_MS,
  );
});
