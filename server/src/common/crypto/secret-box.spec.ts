import { SecretBox } from './secret-box.js';

const OLD = 'an-old-secret-of-at-least-32-characters';
const NEW = 'a-new-secret-of-at-least-32-characters!';

describe('SecretBox', () => {
  it('opens a sealed value for the same context only', () => {
    const box = new SecretBox([NEW]);
    const sealed = box.seal('the key', 'cmd_1');
    expect(sealed).not.toContain('the key');
    expect(box.open(sealed, 'cmd_1')).toBe('the key');
    expect(box.open(sealed, 'cmd_2')).toBeNull();
  });

  it('never seals the same text to the same bytes', () => {
    const box = new SecretBox([NEW]);
    expect(box.seal('x', 'c')).not.toBe(box.seal('x', 'c'));
  });

  it('does not open values that were changed, cut short or not sealed', () => {
    const box = new SecretBox([NEW]);
    const sealed = box.seal('the key', 'c');
    const flipped = (sealed.startsWith('A') ? 'B' : 'A') + sealed.slice(1);
    expect(box.open(flipped, 'c')).toBeNull();
    expect(box.open(sealed.slice(0, 20), 'c')).toBeNull();
    expect(box.open('', 'c')).toBeNull();
  });

  it('opens and verifies with an older secret until it is dropped', () => {
    const before = new SecretBox([OLD]);
    const sealed = before.seal('the key', 'c');
    const signature = before.sign('message');
    const rotated = new SecretBox([NEW, OLD]);
    expect(rotated.open(sealed, 'c')).toBe('the key');
    expect(rotated.verify('message', signature)).toBe(true);
    const after = new SecretBox([NEW]);
    expect(after.open(sealed, 'c')).toBeNull();
    expect(after.verify('message', signature)).toBe(false);
    expect(rotated.verify('other message', signature)).toBe(false);
  });
});
