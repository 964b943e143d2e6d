const two = (number: number): string => String(number).padStart(2, '0');

/** An instant as `<input type="datetime-local">` takes it, in this browser's time zone; empty when it is none. */
export const toLocalInput = (instant: string | null | undefined): string => {
  const at = new Date(instant ?? '');
  if (Number.isNaN(at.getTime())) return '';
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
};

/** The instant that `<input type="datetime-local">` gave; null when it is empty or not complete. */
export const fromLocalInput = (text: string): string | null => {
  if (text === '') return null;
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
};
