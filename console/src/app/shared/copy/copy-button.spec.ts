import { TestBed } from '@angular/core/testing';
import { fakeClipboard } from '../../../testing/clipboard';
import { overlay, screenOf, startConsole } from '../../../testing/console';
import { CopyButton } from './copy-button';

const open = async (works: boolean) => {
  const copied = fakeClipboard({ works });
  startConsole();
  const fixture = TestBed.createComponent(CopyButton);
  fixture.componentRef.setInput('text', 'opstage_reg_x');
  return { copied, screen: await screenOf(fixture) };
};

describe('CopyButton', () => {
  it('copies the text and says so', async () => {
    const { copied, screen } = await open(true);
    await screen.click('Copy');
    expect(copied).toEqual(['opstage_reg_x']);
    expect(overlay().texts('[matSnackBarLabel]')).toEqual(['Copied']);
  });

  it('does not say so when the browser would not', async () => {
    const { screen } = await open(false);
    await screen.click('Copy');
    expect(overlay().texts('[matSnackBarLabel]')).toEqual(['It could not be copied: select it and copy it yourself.']);
  });
});
