import { looksLikeSecret } from './safety-facts.js';

describe('looksLikeSecret', () => {
  it.each(['db.dsn', 'smtp_pass', 'licenseKey', 'SLACK_WEBHOOK', 'connection-string', 'hmac', 'userPin', 'jwt'])(
    'is true for %s',
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
  ])('is false for %j', (key) => {
    expect(looksLikeSecret(key)).toBe(false);
  });
});
