import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..', '..');

/** Languages whose blocks a reader runs. */
const RUNNABLE: ReadonlySet<string> = new Set(['sh', 'bash', 'js', 'mjs', 'ts', 'py', 'python']);

/** A block of code in a page of the documentation. */
export interface CodeBlock {
  /** The page, from the root of the repository. */
  readonly page: string;
  /** Of its first fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Why no test runs it: the reason in `<!-- not run: … -->` before it; null without one. */
  readonly notRun: string | null;
  /** The spec that runs it: the path in `<!-- run by: … -->` before it; null without one. */
  readonly runBy: string | null;
}

const markOf = (before: string, name: string): string | null =>
  new RegExp(`^\\s*<!-- ${name}: (.+) -->$`).exec(before)?.[1] ?? null;

/** The last line with text before this one. */
const lineBefore = (lines: readonly string[], index: number): string =>
  lines.slice(0, index).findLast((line) => line.trim() !== '') ?? '';

/** The blocks of a page that a reader may run, in their order. */
export const codeBlocksOf = (page: string): readonly CodeBlock[] => {
  const lines = readFileSync(join(ROOT, page), 'utf8').split('\n');
  const blocks: CodeBlock[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const [, indent = '', language = ''] = /^(\s*)```(\w*)/.exec(lines[index] ?? '') ?? [];
    if (!/^\s*```/.test(lines[index] ?? '')) continue;
    const length = lines.slice(index + 1).findIndex((line) => line.trim() === '```');
    if (length < 0) throw new Error(`${page}:${index + 1} opens a code block that never ends.`);
    const before = lineBefore(lines, index);
    blocks.push({
      page,
      line: index + 1,
      language,
      text: lines
        .slice(index + 1, index + 1 + length)
        .map((line) => line.replace(indent, ''))
        .join('\n'),
      notRun: markOf(before, 'not run'),
      runBy: markOf(before, 'run by'),
    });
    index += length + 1;
  }
  return blocks.filter(({ language }) => RUNNABLE.has(language));
};

const pagesIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // Decisions are history: what they quote need not work any more.
    if (entry.isDirectory()) return path === 'docs/decisions' ? [] : pagesIn(path);
    return path.endsWith('.md') ? [path] : [];
  });

/** Every page of the documentation, from the root of the repository. */
export const documentationPages = (): readonly string[] => ['README.md', ...pagesIn('docs')];

/** The block of the page that begins with this line. @throws Error when there is none */
export const codeBlock = (page: string, firstLine: string): string => {
  const block = codeBlocksOf(page).find(({ text }) => text.startsWith(`${firstLine}\n`));
  if (!block) throw new Error(`${page} has no code block that begins with ${firstLine}.`);
  return `${block.text}\n`;
};
