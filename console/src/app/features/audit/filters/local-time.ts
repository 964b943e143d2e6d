const MINUTE_CHARACTERS = 16;
const MS_PER_MINUTE = 60_000;

/** An instant as `<input type="datetime-local">` takes it, in the browser's time zone; nothing for one that is none. */
export const toLocalInput = (instant: string): string => {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return '';
  const local = new Date(date.getTime() - date.getTimezoneOffset() * MS_PER_MINUTE);
  return local.toISOString().slice(0, MINUTE_CHARACTERS);
};

/** What was chosen there as an instant; nothing for nothing. */
export const toInstant = (local: string): string => {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
};
