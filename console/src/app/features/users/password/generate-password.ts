const LENGTH = 20;
// Without what is mistaken for something else: 0 O, 1 l I.
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789-_';

/** A password nobody can guess, without characters that read alike. */
export const generatePassword = (): string => {
  // Bytes past the last whole multiple would make some characters likelier.
  const limit = 256 - (256 % ALPHABET.length);
  let password = '';
  while (password.length < LENGTH) {
    const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
    for (const byte of bytes) if (byte < limit) password += ALPHABET[byte % ALPHABET.length] ?? '';
  }
  return password.slice(0, LENGTH);
};
