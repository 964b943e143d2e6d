import { join } from 'node:path';
import type { AppConfig } from '../../src/config/app-config.js';
import { loadConfig } from '../../src/config/load-config.js';

export const TEST_SECRET = 'a secret for tests that is long enough';

/** The default configuration, quiet, without scheduled maintenance and backups, and with a known first owner. */
export const aTestConfig = (overrides: Partial<AppConfig> & Pick<AppConfig, 'dataDir' | 'database'>): AppConfig => {
  const loaded = loadConfig(
    {
      OPSTAGE_SESSION_SECRET: TEST_SECRET,
      OPSTAGE_ADMIN_USERNAME: 'owner',
      OPSTAGE_ADMIN_PASSWORD: 'correct horse battery',
      // Tests can advance the clock by days.
      OPSTAGE_SESSION_ABSOLUTE_SECONDS: '31536000',
      OPSTAGE_LOG_LEVEL: 'silent',
      OPSTAGE_MAINTENANCE_INTERVAL_SECONDS: '0',
      OPSTAGE_BACKUP_INTERVAL_HOURS: '0',
    },
    { version: '0.0.0-test', createSecret: () => TEST_SECRET },
  );
  if (!loaded.ok) throw new Error(loaded.faults.join('\n'));
  return { ...loaded.config, backupDir: join(overrides.dataDir, 'backups'), ...overrides };
};
