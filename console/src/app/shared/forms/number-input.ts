import { Directive, ElementRef, forwardRef, inject } from '@angular/core';
import {
  NG_VALIDATORS,
  NG_VALUE_ACCESSOR,
  type ControlValueAccessor,
  type ValidationErrors,
  type Validator,
} from '@angular/forms';
import { isExactNumber } from '#contracts';

/**
 * A form control of a number: `<input type="number" opsNumberInput>`. An empty field is null; one whose text is not a
 * number, such as `1e`, is invalid, where Angular's own accessor takes it for empty, and so is one that would be changed.
 */
@Directive({
  selector: 'input[opsNumberInput]',
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => NumberInput), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => NumberInput), multi: true },
  ],
  host: { '(input)': 'typed()', '(keyup)': 'revalidate()', '(blur)': 'left()' },
})
export class NumberInput implements ControlValueAccessor, Validator {
  readonly #input = inject<ElementRef<HTMLInputElement>>(ElementRef).nativeElement;
  #changed: (value: number | null) => void = () => undefined;
  #touched: () => void = () => undefined;
  protected revalidate: () => void = () => undefined;

  writeValue(value: unknown): void {
    this.#input.value = typeof value === 'number' ? String(value) : '';
  }

  registerOnChange(changed: (value: number | null) => void): void {
    this.#changed = changed;
  }

  registerOnTouched(touched: () => void): void {
    this.#touched = touched;
  }

  registerOnValidatorChange(revalidate: () => void): void {
    this.revalidate = revalidate;
  }

  setDisabledState(isDisabled: boolean): void {
    this.#input.disabled = isDisabled;
  }

  validate(): ValidationErrors | null {
    const { validity, value } = this.#input;
    if (validity.badInput) return { number: true };
    return value === '' || isExactNumber(value) ? null : { exact: true };
  }

  protected typed(): void {
    const { value } = this.#input;
    this.#changed(value === '' ? null : Number(value));
  }

  protected left(): void {
    this.revalidate();
    this.#touched();
  }
}
