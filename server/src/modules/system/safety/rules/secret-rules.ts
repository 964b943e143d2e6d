import type { SafetyFinding } from '#contracts';
import { looksRandom } from '../../../../common/crypto/secret-strength.js';
import { pluralize, finding, unknown } from '../finding.js';
import type { SafetyFacts } from '../safety-facts.js';

const MAX_SECRET_AGE_DAYS = 365;

/** Whether all secrets look random: in a list, the older ones still decrypt and verify. */
export const secretStrength = ({ config: { sessionSecrets } }: SafetyFacts): SafetyFinding =>
  !sessionSecrets.every(looksRandom)
    ? finding('secret-strength', {
        status: 'CRITICAL',
        situation: 'weak',
        found: 'The session secret does not look random.',
        whatToDo:
          'Create one with `openssl rand -base64 48` and put it before the old one: OPSTAGE_SESSION_SECRET=new,old.',
      })
    : finding('secret-strength', { status: 'OK', situation: 'strong', found: 'The session secret looks random.' });

/** How old the secret is, if that is known. */
export const secretAge = ({ secretAgeDays: days }: SafetyFacts): SafetyFinding => {
  if (days === null) {
    return finding('secret-age', {
      status: 'UNKNOWN',
      situation: 'given',
      found: 'The session secret comes from the environment, so its age is unknown.',
      whatToDo: 'Rotate it once a year: OPSTAGE_SESSION_SECRET=new,old.',
    });
  }
  const found = `The session secret is ${pluralize(days, 'day')} old.`;
  return days > MAX_SECRET_AGE_DAYS
    ? finding('secret-age', {
        status: 'WARNING',
        situation: 'old',
        found,
        values: { days },
        whatToDo: 'Rotate it: set OPSTAGE_SESSION_SECRET=new,old, with the old one from the file `session-secret`.',
      })
    : finding('secret-age', { status: 'OK', situation: 'young', found, values: { days } });
};

/** Whether the first owner still uses the initial password. */
export const bootstrapPassword = ({ owner }: SafetyFacts): SafetyFinding => {
  if (owner === null) return unknown('bootstrap-password');
  if (owner === 'none') {
    return finding('bootstrap-password', {
      status: 'CRITICAL',
      situation: 'nobody',
      found: 'There is no active owner.',
      whatToDo: 'Create one with `opstage users create <name> --role owner`.',
    });
  }
  const { id: targetId, username, isBootstrap } = owner;
  return isBootstrap
    ? finding('bootstrap-password', {
        status: 'WARNING',
        situation: 'bootstrap',
        found: `Owner ${username} still has the initial password.`,
        values: { username },
        whatToDo: 'Change it in the console and remove OPSTAGE_ADMIN_PASSWORD.',
        details: [{ targetType: 'User', targetId, name: username }],
      })
    : finding('bootstrap-password', {
        status: 'OK',
        situation: 'own',
        found: `Owner ${username} does not use the initial password.`,
        values: { username },
      });
};
