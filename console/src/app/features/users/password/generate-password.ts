const LENGTH = 20;
// Without look-alikes: 0 O, 1 l I.
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_';

/** A random password without look-alike characters. */
export const generatePassword = (): string => {
  // Reject the remainder, which would make some characters likelier.
  const limit = 256 - (256 % ALPHABET.length);
  let password = '';
  while (password.length < LENGTH) {
    const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
    for (const byte of bytes) if (byte < limit) password += ALPHABET[byte % ALPHABET.length] ?? '';
  }
  return password.slice(0, LENGTH);
};
