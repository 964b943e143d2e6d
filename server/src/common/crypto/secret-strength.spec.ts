import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { looksRandom } from './secret-strength.js';

const SAMPLES = 3_000;

const from = (alphabet: string, length: number) => (): string =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';

describe('looksRandom', () => {
  it.each<[string, () => string]>([
    ['openssl rand -hex 16', () => randomBytes(16).toString('hex')],
    ['openssl rand -hex 32', () => randomBytes(32).toString('hex')],
    ['32 hexadecimal digits in capitals', () => randomBytes(16).toString('hex').toUpperCase()],
    ['openssl rand -base64 24', () => randomBytes(24).toString('base64')],
    ['openssl rand -base64 48', () => randomBytes(48).toString('base64')],
    ['what the server makes itself', () => randomBytes(48).toString('base64url')],
    ['a UUID', randomUUID],
    ['a password manager, letters and digits', from(LOWER + LOWER.toUpperCase() + DIGITS, 32)],
    ['a password manager, small letters and digits', from(LOWER + DIGITS, 32)],
    ['base32', from('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 40)],
  ])('accepts what comes from %s', (_, make) => {
    const refused = Array.from({ length: SAMPLES }, make).filter((secret) => !looksRandom(secret));
    // A phrase that comes about by chance is not worth a secret either, and comes once in many thousands.
    expect(refused.length).toBeLessThanOrEqual(2);
  });

  it.each([
    'opstage-production-secret-2026-company',
    'my super secret session key for opstage',
    'thisisaverylongsecretkeythatnobodywillguess',
    'password1234password1234password1234',
    'qwertyuiopasdfghjklzxcvbnm1234567890',
    'The quick brown fox jumps over the lazy dog',
    'correct horse battery staple correct horse',
    '0123456789abcdef0123456789abcdef',
    'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ',
    'AcmeCorporationOpstageSessionSecret2026!',
    'muster-gmbh-betriebssteuerung-geheimnis',
    'entreprise-francaise-de-logistique-secret-2025',
    'wo men gong si de mi ma shi 20260101 opstage',
    'northwind-traders-ltd-session-secret-prod-eu',
    'P@ssw0rd-P@ssw0rd-P@ssw0rd-P@ssw0rd!!',
    'c0mp4ny-s3cr3t-f0r-0pst4ge-pr0duct10n',
    'deadbeefdeadbeefdeadbeefdeadbeef',
    '11111111111111111111111111111111111',
    'Sommer2026Sommer2026Sommer2026Sommer2026',
    'opstage.example.com/opstage/production',
  ])('refuses %s', (phrase) => {
    expect(looksRandom(phrase)).toBe(false);
  });
});
