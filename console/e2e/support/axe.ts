import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const SOURCE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Fails with what axe finds against WCAG 2.2 A and AA on the page as it stands. */
export const expectNoAxeViolations = async (page: Page): Promise<void> => {
  // Not by a script element: the page's own policy refuses those, as it should.
  await page.evaluate(SOURCE);
  const violations = await page.evaluate(async (values) => {
    const { axe: runner } = window as unknown as { axe: typeof axe };
    const results = await runner.run(document, { runOnly: { type: 'tag', values } });
    return results.violations.map(({ id, help, nodes }) => ({
      rule: `${id}: ${help}`,
      nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => `${html.slice(0, 300)}\n${failureSummary ?? ''}`),
    }));
  }, TAGS);
  expect(violations).toEqual([]);
};
