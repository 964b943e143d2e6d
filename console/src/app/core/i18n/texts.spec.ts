import { texts as en } from '../../../i18n/en';
import { texts as zh } from '../../../i18n/zh';

type Texts = Readonly<Record<string, unknown>>;

/** Every text by its dotted key. */
const flat = (texts: Texts, prefix = ''): readonly (readonly [string, unknown])[] =>
  Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? flat(value as Texts, `${prefix}${key}.`) : [[prefix + key, value]],
  );

const english = new Map(flat(en));
const chinese = new Map(flat(zh));

/** What a text names between double braces. */
const params = (text: unknown): readonly string[] =>
  [...String(text).matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name).sort();

describe('texts', () => {
  it('are all there in Chinese', () => {
    expect([...english.keys()].filter((key) => !chinese.has(key))).toEqual([]);
  });

  it('are all there in English', () => {
    expect([...chinese.keys()].filter((key) => !english.has(key))).toEqual([]);
  });

  it.each([
    ['English', english],
    ['Chinese', chinese],
  ])('are none of them empty in %s', (_, texts) => {
    const empty = [...texts].filter(([, text]) => typeof text !== 'string' || text.trim() === '').map(([key]) => key);
    expect(empty).toEqual([]);
  });

  it('name the same things in both languages', () => {
    const different = [...english].filter(([key, text]) => params(text).join() !== params(chinese.get(key)).join());
    expect(different.map(([key]) => key)).toEqual([]);
  });
});
