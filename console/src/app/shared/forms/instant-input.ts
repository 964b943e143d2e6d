import { Directive, ElementRef, forwardRef, inject } from '@angular/core';
import {
  NG_VALIDATORS,
  NG_VALUE_ACCESSOR,
  type ControlValueAccessor,
  type ValidationErrors,
  type Validator,
} from '@angular/forms';
import { fromLocalInput, toLocalInput } from '../format/local-instant';

/**
 * A form control of an instant, edited in this browser's time zone: `<input type="datetime-local" opsInstantInput>`. A
 * date without its time is invalid, not empty.
 */
@Directive({
  selector: 'input[opsInstantInput]',
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => InstantInput), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => InstantInput), multi: true },
  ],
  // The browser fires no `input` while the value is incomplete: it stays empty.
  host: { '(input)': 'typed()', '(keyup)': 'revalidate()', '(blur)': 'left()' },
})
export class InstantInput implements ControlValueAccessor, Validator {
  readonly #input = inject<ElementRef<HTMLInputElement>>(ElementRef).nativeElement;
  #changed: (value: string | undefined) => void = () => undefined;
  #touched: () => void = () => undefined;
  protected revalidate: () => void = () => undefined;

  writeValue(value: unknown): void {
    this.#input.value = typeof value === 'string' ? toLocalInput(value) : '';
  }

  registerOnChange(changed: (value: string | undefined) => void): void {
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
    return this.#input.validity.badInput ? { instant: true } : null;
  }

  protected typed(): void {
    this.#changed(fromLocalInput(this.#input.value) ?? undefined);
  }

  protected left(): void {
    this.revalidate();
    this.#touched();
  }
}
