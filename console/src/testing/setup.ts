import { setupZonelessTestEnv } from 'jest-preset-angular/setup-env/zoneless';

setupZonelessTestEnv({ errorOnUnknownElements: true, errorOnUnknownProperties: true });

// What jsdom leaves out and Angular Material asks for.
window.matchMedia = (media) =>
  Object.assign(new EventTarget(), {
    media,
    matches: false,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  });
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.setPointerCapture = () => undefined;
// Enough for what the console clones, which is JSON.
window.structuredClone = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
Blob.prototype.text = function () {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => {
      resolve(reader.result as string);
    };
    reader.readAsText(this);
  });
};

// jsdom lays nothing out, and what has no place on the page cannot be given the focus: here everything has one.
const drawn = Object.assign([new DOMRect()], { item: () => new DOMRect() });
Element.prototype.getClientRects = () => drawn;

// What Angular warns of at run time, such as a list that is drawn anew as a whole, is a fault of the page.
const warn = console.warn.bind(console);
console.warn = (...said: readonly unknown[]) => {
  if (String(said[0]).startsWith('NG0')) throw new Error(String(said[0]));
  warn(...said);
};

beforeEach(() => {
  localStorage.clear();
});
