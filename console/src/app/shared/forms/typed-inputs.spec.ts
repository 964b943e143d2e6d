import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { FormControl, ReactiveFormsModule } from '@angular/forms';
import { screenOf, startConsole } from '../../../testing/console';
import { InstantInput } from './instant-input';
import { NumberInput } from './number-input';

@Component({
  template: `<input type="number" opsNumberInput [formControl]="number" /><input
      type="datetime-local"
      opsInstantInput
      [formControl]="instant"
    />`,
  imports: [InstantInput, NumberInput, ReactiveFormsModule],
})
class Inputs {
  readonly number = new FormControl<number | null>(12);
  readonly instant = new FormControl<string | undefined>('2026-05-04T10:00:00.000Z');
}

const open = async () => {
  startConsole();
  const fixture = TestBed.createComponent(Inputs);
  return { inputs: fixture.componentInstance, screen: await screenOf(fixture) };
};

/** What a browser reports while a number or date is half typed; jsdom never does. */
const typeHalf = (input: HTMLInputElement): void => {
  input.value = '';
  Object.defineProperty(input, 'validity', { configurable: true, value: { badInput: true } });
  input.dispatchEvent(new KeyboardEvent('keyup', { key: 'e' }));
};

describe('typed inputs', () => {
  it('show the value of their control and report what is typed', async () => {
    const { inputs, screen } = await open();
    const [number] = screen.all<HTMLInputElement>('input');
    expect(number?.value).toBe('12');
    await screen.type('input[type=number]', '7.5');
    expect(inputs.number.value).toBe(7.5);
    await screen.type('input[type=number]', '');
    expect(inputs.number.value).toBeNull();
    await screen.type('input[type=datetime-local]', '2026-05-04T12:30');
    expect(inputs.instant.value).toBe(new Date('2026-05-04T12:30').toISOString());
  });

  it('are invalid while what is typed is incomplete, and not empty', async () => {
    const { inputs, screen } = await open();
    for (const input of screen.all<HTMLInputElement>('input')) typeHalf(input);
    expect(inputs.number.errors).toEqual({ number: true });
    expect(inputs.instant.errors).toEqual({ instant: true });
  });
});
