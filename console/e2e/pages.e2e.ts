import { expectNoAxeViolations } from './support/axe.js';
import { PAGES } from './support/pages.js';
import { NARROW, useStage, WIDE } from './support/stage.js';

const LOOKS = [
  { theme: 'light', language: 'en', viewport: WIDE },
  { theme: 'dark', language: 'zh', viewport: WIDE },
  { theme: 'light', language: 'zh', viewport: NARROW },
  { theme: 'dark', language: 'en', viewport: NARROW },
] as const;

const stage = useStage();

describe.each(PAGES)('$name', ({ name, path, as, whole }) => {
  it.each(LOOKS)('can be used by everybody, $theme, $language, $viewport.width px wide', async (look) => {
    const visit = await stage().visit(await path(stage().installation), { ...look, ...(as !== undefined && { as }) });
    if (whole !== undefined) await visit.page.locator(whole).waitFor();
    await visit.screenshot(`${name}-${look.viewport.width}-${look.theme}-${look.language}`);
    expect(await visit.sidewaysPx()).toBe(0);
    await expectNoAxeViolations(visit.page);
  });
});
