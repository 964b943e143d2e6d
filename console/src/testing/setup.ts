// What jsdom lacks and Angular Material needs.
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

// jsdom has no layout, and an element without a box cannot take the focus: here every element has one.
const boxes = Object.assign([new DOMRect()], { item: () => new DOMRect() });
Element.prototype.getClientRects = () => boxes;

// A run-time warning of Angular, such as a list that is rendered from scratch, is a bug of the page.
const warn = console.warn.bind(console);
console.warn = (...args: readonly unknown[]) => {
  if (String(args[0]).startsWith('NG0')) throw new Error(String(args[0]));
  warn(...args);
};

beforeEach(() => {
  localStorage.clear();
});
