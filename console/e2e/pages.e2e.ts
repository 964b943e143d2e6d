import { eventually } from '#testing';
import { expectNoAxeViolations } from './support/axe.js';
import { PAGES, type PageUnderTest } from './support/pages.js';
import { NARROW, useStage, WIDE } from './support/stage.js';
import type { Visit } from './support/visit.js';

/** Between them, each language is seen in each width, and each theme too. */
const LOOKS = {
  en: [
    { theme: 'light', viewport: WIDE },
    { theme: 'light', viewport: NARROW },
  ],
  zh: [
    { theme: 'dark', viewport: NARROW },
    { theme: 'dark', viewport: WIDE },
  ],
} as const;
const LANGUAGES = ['en', 'zh'] as const;

const stage = useStage();
const windows = new Map<string, Visit>();

beforeAll(async () => {
  for (const language of LANGUAGES) windows.set(language, await stage().window({ language }));
});

const open = async (language: 'en' | 'zh', as: PageUnderTest['as']): Promise<Visit> => {
  const window = as !== undefined ? await stage().window({ as, language }) : windows.get(language);
  if (!window) throw new Error(`No window in ${language}.`);
  return window;
};

describe.each(PAGES)('$name', ({ name, path, as, whole }) => {
  it.each(LANGUAGES)('can be used by everybody, in %s, in both themes and widths', async (language) => {
    const visit = await open(language, as);
    const [first] = LOOKS[language];
    await visit.lookAs(first);
    await visit.goTo(await path(stage().installation));
    if (whole !== undefined) await visit.page.locator(whole).waitFor();
    for (const look of LOOKS[language]) {
      await visit.lookAs(look);
      await visit.screenshot(`${name}-${String(look.viewport.width)}-${look.theme}-${language}`);
      // A chart follows the width of its page with the next frame.
      await eventually(async () => {
        expect(await visit.sidewaysPx()).toBe(0);
      });
      // Axe takes longer than all else: it sees each theme, width and language, not all of their pairs.
      if (look === first) await expectNoAxeViolations(visit.page);
    }
  });
});
