import { ValidateIf } from 'class-validator';

/** The field may be left out, but `null` does not pass for that: only `undefined` does. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_body, value) => value !== undefined);
