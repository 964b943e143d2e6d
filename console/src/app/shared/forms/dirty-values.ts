import type { AbstractControl, FormGroup } from '@angular/forms';

/** The values that the user has changed, by field: what somebody else changed meanwhile is not set back. */
export const dirtyValues = <C extends { [K in keyof C]: AbstractControl }>({
  controls,
}: FormGroup<C>): Partial<{ [K in keyof C]: C[K]['value'] }> =>
  Object.fromEntries(
    Object.entries<AbstractControl>(controls)
      .filter(([, { dirty }]) => dirty)
      .map(([name, { value }]) => [name, value as unknown]),
  ) as Partial<{ [K in keyof C]: C[K]['value'] }>;
