import type { AppConfig } from '../../config/app-config.js';
import { loadConfig } from '../../config/load-config.js';
import { checkConfiguration } from './configuration-checks.js';

const RANDOM = 'q3Zr8vKx1LmT0pWc7YbN5sHd2GfJ9uEaRtVo4iX6';

const troubles = (settings: Readonly<Record<string, string>>, secretAgeDays: number | null = null): string[] => {
  const loaded = loadConfig(
    { OPSTAGE_SESSION_SECRET: RANDOM, ...settings },
    { version: '1', makeSecret: () => RANDOM },
  );
  if (!loaded.ok) throw new Error(loaded.faults.join());
  const config: AppConfig = loaded.config;
  return checkConfiguration(config, secretAgeDays)
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ verdict, found }) => `${verdict}: ${found}`);
};

describe('the doctor on the settings', () => {
  it('finds nothing wrong with the default, nor with an installation behind TLS', () => {
    expect(troubles({})).toEqual([]);
    const behindTls = {
      OPSTAGE_HOST: '0.0.0.0',
      OPSTAGE_PUBLIC_BASE_URL: 'https://ops.example',
      OPSTAGE_TRUST_PROXY: '1',
    };
    expect(troubles(behindTls, 30)).toEqual([]);
  });

  it.each([
    ['fault: The session secret repeats', { OPSTAGE_SESSION_SECRET: 'abcabcabc'.repeat(5) }],
    ['fault: It listens on 0.0.0.0 and knows of no HTTPS', { OPSTAGE_HOST: '0.0.0.0' }],
    ['warning: It is behind a proxy', { OPSTAGE_PUBLIC_BASE_URL: 'https://ops.example' }],
    ['warning: It believes X-Forwarded', { OPSTAGE_TRUST_PROXY: 'true' }],
    ['warning: Metrics are given', { OPSTAGE_METRICS_HOST: '0.0.0.0', OPSTAGE_METRICS_PORT: '9464' }],
  ])('says "%s"', (words, settings) => {
    expect(troubles(settings)).toEqual([expect.stringContaining(words)]);
  });

  it('has an old secret changed', () => {
    expect(troubles({}, 366)).toEqual(['warning: The session secret is 366 days old.']);
    expect(troubles({}, 365)).toEqual([]);
  });
});
