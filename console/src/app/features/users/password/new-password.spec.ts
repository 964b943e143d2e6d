import { TestBed } from '@angular/core/testing';
import { FormControl } from '@angular/forms';
import { fakeClipboard } from '../../../../testing/clipboard';
import { overlay, screenOf, startConsole } from '../../../../testing/console';
import { NewPassword } from './new-password';

const open = async () => {
  const copied = fakeClipboard();
  startConsole();
  const control = new FormControl('', { nonNullable: true });
  const fixture = TestBed.createComponent(NewPassword);
  fixture.componentRef.setInput('control', control);
  return { control, copied, screen: await screenOf(fixture) };
};

describe('NewPassword', () => {
  it('hides what is typed until asked to show it', async () => {
    const { control, screen } = await open();
    await screen.fill('Password', 'secret words');
    expect(control.value).toBe('secret words');
    expect(screen.field('Password').type).toBe('password');
    await screen.click('Show the password');
    expect(screen.field('Password').type).toBe('text');
    await screen.click('Hide the password');
    expect(screen.field('Password').type).toBe('password');
  });

  it('generates a long one, another each time, and shows it', async () => {
    const { control, screen } = await open();
    const generated = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      await screen.click('Generate');
      expect(control.value).toMatch(/^[\w-]{20}$/);
      expect(control.value).not.toMatch(/[0O1lI]/);
      generated.add(control.value);
    }
    expect(generated.size).toBe(20);
    expect(screen.field('Password').type).toBe('text');
  });

  it('copies it and says so', async () => {
    const { copied, screen } = await open();
    await screen.fill('Password', 'secret words');
    await screen.click('Copy');
    expect(copied).toEqual(['secret words']);
    expect(overlay().text).toContain('Copied');
  });
});
