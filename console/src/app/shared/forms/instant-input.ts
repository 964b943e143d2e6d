import { Directive, ElementRef, forwardRef, inject } from '@angular/core';
import { NG_VALUE_ACCESSOR, type ControlValueAccessor } from '@angular/forms';
import { fromLocalInput, toLocalInput } from '../format/local-instant';

/** A form control of an instant, edited in this browser's time zone: `<input type="datetime-local" opsInstantInput>`. */
@Directive({
  selector: 'input[opsInstantInput]',
  providers: [{ provide: NG_VALUE_ACCESSOR, useExisting: forwardRef(() => InstantInput), multi: true }],
  host: { '(input)': 'typed()', '(blur)': 'touched()' },
})
export class InstantInput implements ControlValueAccessor {
  readonly #input = inject<ElementRef<HTMLInputElement>>(ElementRef).nativeElement;
  #changed: (value: string | undefined) => void = () => undefined;
  protected touched: () => void = () => undefined;

  writeValue(value: unknown): void {
    this.#input.value = typeof value === 'string' ? toLocalInput(value) : '';
  }

  registerOnChange(changed: (value: string | undefined) => void): void {
    this.#changed = changed;
  }

  registerOnTouched(touched: () => void): void {
    this.touched = touched;
  }

  setDisabledState(isDisabled: boolean): void {
    this.#input.disabled = isDisabled;
  }

  protected typed(): void {
    this.#changed(fromLocalInput(this.#input.value) ?? undefined);
  }
}
