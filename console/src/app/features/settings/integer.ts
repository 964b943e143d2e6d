import type { ValidatorFn } from '@angular/forms';

/** Refuses a number with a fraction. */
export const integer: ValidatorFn = ({ value }) =>
  value === null || value === '' || Number.isInteger(Number(value)) ? null : { integer: true };
