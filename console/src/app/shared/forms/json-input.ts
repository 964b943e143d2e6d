import { Directive, ElementRef, forwardRef, inject } from '@angular/core';
import {
  NG_VALIDATORS,
  NG_VALUE_ACCESSOR,
  type ControlValueAccessor,
  type ValidationErrors,
  type Validator,
} from '@angular/forms';
import { jsonText, readJson } from '../json/json-text';

/** A form control of any value, edited as JSON; invalid while the text is not JSON: `<textarea opsJsonInput>`. */
@Directive({
  selector: 'textarea[opsJsonInput]',
  providers: [
    { provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => JsonInput), multi: true },
    { provide: NG_VALIDATORS, useExisting: forwardRef(() => JsonInput), multi: true },
  ],
  host: { '(input)': 'typed()', '(blur)': 'touched()' },
})
export class JsonInput implements ControlValueAccessor, Validator {
  readonly #area = inject<ElementRef<HTMLTextAreaElement>>(ElementRef).nativeElement;
  #changed: (value: unknown) => void = () => undefined;
  protected touched: () => void = () => undefined;

  writeValue(value: unknown): void {
    this.#area.value = value === undefined || value === null ? '' : jsonText(value);
  }

  registerOnChange(changed: (value: unknown) => void): void {
    this.#changed = changed;
  }

  registerOnTouched(touched: () => void): void {
    this.touched = touched;
  }

  setDisabledState(isDisabled: boolean): void {
    this.#area.disabled = isDisabled;
  }

  validate(): ValidationErrors | null {
    const reading = readJson(this.#area.value);
    return 'fault' in reading ? { json: { reason: reading.fault } } : null;
  }

  protected typed(): void {
    const reading = readJson(this.#area.value);
    this.#changed('value' in reading ? reading.value : undefined);
  }
}
