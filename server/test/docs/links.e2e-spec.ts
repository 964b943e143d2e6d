import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { documentationPages } from './code-blocks.js';

const ROOT = join(__dirname, '..', '..', '..');
const ENTRY = 'docs/README.md';

const proseOf = (page: string): string =>
  readFileSync(join(ROOT, page), 'utf8').replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '');

/** The anchors of a page, as GitHub makes them from its headings. */
const anchorsOf = (page: string): ReadonlySet<string> =>
  new Set(
    [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

/** The places in the repository that the page links to. */
const linksOf = (page: string): readonly { readonly target: string; readonly anchor: string }[] =>
  [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path = '', anchor = ''] = link.split('#');
      return { target: path === '' ? page : normalize(join(dirname(page), path)), anchor };
    });

describe('the links of the documentation', () => {
  it('lead somewhere', () => {
    const dead = documentationPages().flatMap((page) =>
      linksOf(page)
        .filter(({ target, anchor }) => {
          if (!existsSync(join(ROOT, target))) return true;
          return anchor !== '' && target.endsWith('.md') && !anchorsOf(target).has(anchor);
        })
        .map(({ target, anchor }) => `${page}: ${target}#${anchor}`),
    );
    expect(dead).toEqual([]);
  });

  it('lead from the entry page to every page', () => {
    const linked = linksOf(ENTRY).map(({ target }) => target);
    const pages = documentationPages().filter((page) => page.startsWith('docs/') && page !== ENTRY);
    expect(pages.filter((page) => !linked.includes(page))).toEqual([]);
  });
});
