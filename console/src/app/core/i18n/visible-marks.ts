import {
  inject,
  provideEnvironmentInitializer,
  RendererFactory2,
  type EnvironmentProviders,
  type Renderer2,
} from '@angular/core';

/** Marks that change the reading order of a text and of the text around it (Unicode TR9, 2.1 to 2.3). */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/g;

const visible = (mark: string): string => `⟨U+${mark.charCodeAt(0).toString(16).toUpperCase()}⟩`;

/**
 * The same text with those marks spelled out: whoever wrote a text may have it read otherwise than it is, as `gnp.exe` for
 * `exe.png`, and the words around it, which are ours, too. Script that is written from right to left needs none of them.
 */
export const withVisibleMarks = (text: string): string => text.replace(DIRECTION_MARKS, visible);

/** Properties of elements that are drawn; the `value` of a field is not, because it is sent as it is. */
const DRAWN = ['title', 'ariaLabel', 'textContent', 'alt'];

const drawn = <T>(value: T): T => (typeof value === 'string' ? (withVisibleMarks(value) as T) : value);

const patched = new WeakSet<Renderer2>();

/** Has a renderer draw those marks as text. */
const patch = (renderer: Renderer2): Renderer2 => {
  if (patched.has(renderer)) return renderer;
  patched.add(renderer);
  const { createText, setValue, setAttribute, setProperty } = renderer;
  renderer.createText = (text: string): unknown => createText.call(renderer, drawn(text)) as unknown;
  renderer.setValue = (node: unknown, text: string) => {
    setValue.call(renderer, node, drawn(text));
  };
  renderer.setAttribute = (element: unknown, name: string, text: string, namespace?: string | null) => {
    setAttribute.call(renderer, element, name, name === 'value' ? text : drawn(text), namespace);
  };
  renderer.setProperty = (element: unknown, name: string, value: unknown) => {
    setProperty.call(renderer, element, name, DRAWN.includes(name) ? drawn(value) : value);
  };
  return renderer;
};

/** Spells direction marks out wherever text is drawn, and nowhere else: what is copied, typed or sent keeps them. */
export const provideVisibleMarks = (): EnvironmentProviders =>
  provideEnvironmentInitializer(() => {
    const factory = inject(RendererFactory2);
    const create = factory.createRenderer.bind(factory);
    factory.createRenderer = (...of) => patch(create(...of));
  });
