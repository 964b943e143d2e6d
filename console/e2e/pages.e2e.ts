import { expectNoAxeViolations } from './support/axe.js';
import { PAGES, type PageUnderTest } from './support/pages.js';
import { NARROW, useStage, WIDE } from './support/stage.js';
import type { Visit } from './support/visit.js';

/** Between them, each language is seen in each theme and in each width. */
const LOOKS = {
  en: [
    { theme: 'light', viewport: WIDE },
    { theme: 'dark', viewport: NARROW },
  ],
  zh: [
    { theme: 'dark', viewport: WIDE },
    { theme: 'light', viewport: NARROW },
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
    await visit.lookAs(LOOKS[language][0]);
    await visit.goTo(await path(stage().installation));
    if (whole !== undefined) await visit.page.locator(whole).waitFor();
    for (const look of LOOKS[language]) {
      await visit.lookAs(look);
      await visit.screenshot(`${name}-${String(look.viewport.width)}-${look.theme}-${language}`);
      expect(await visit.sidewaysPx()).toBe(0);
      await expectNoAxeViolations(visit.page);
    }
  });
});
