import { looksLikeSecret } from './safety-facts.js';

describe('a key that may name a secret', () => {
  it.each(['db.dsn', 'smtp_pass', 'licenseKey', 'SLACK_WEBHOOK', 'connection-string', 'hmac', 'userPin', 'jwt'])(
    'is %s',
    (key) => {
      expect(looksLikeSecret(key)).toBe(true);
    },
  );

  it.each([
    'http.port',
    'keyboard',
    'passenger',
    'sessionTimeout',
    'connectionPoolSize',
    'key.length',
    'publicKey',
    'hashAlgorithm',
    'webhookRetries',
    'greeting',
    '',
  ])('is not %s', (key) => {
    expect(looksLikeSecret(key)).toBe(false);
  });
});
