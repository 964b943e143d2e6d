import { SAFETY_CHECKS, type SafetyFinding } from '#contracts';
import { loadConfig } from '../../../config/load-config.js';
import type { Listing, SafetyFacts } from './safety-facts.js';
import { evaluateSafety } from './safety-rules.js';

const RANDOM = 'q3Zr8vKx1LmT0pWc7YbN5sHd2GfJ9uEaRtVo4iX6';
const NONE: Listing = { count: 0, first: [] };
const TWELVE: Listing = { count: 12, first: [{ targetType: 'Agent', targetId: 'agt_1', name: 'The first' }] };
const CALM = { https: false, plainFromElsewhere: false, plainToPublicHost: false, unbelievedProxy: false };

const configOf = (settings: Readonly<Record<string, string>>): SafetyFacts['config'] => {
  const loaded = loadConfig(
    { OPSTAGE_SESSION_SECRET: RANDOM, ...settings },
    { version: '1', createSecret: () => RANDOM },
  );
  if (!loaded.ok) throw new Error(loaded.faults.join());
  return loaded.config;
};

const factsOf = (settings: Readonly<Record<string, string>>, facts: Partial<SafetyFacts> = {}): SafetyFacts => ({
  config: configOf(settings),
  secretAgeDays: 30,
  traffic: CALM,
  owner: { id: 'usr_1', username: 'ada', isBootstrap: false },
  tokensWithoutExpiry: NONE,
  unusedTokens: NONE,
  oldAgentTokens: NONE,
  unconfirmedActions: NONE,
  exposedItems: NONE,
  auditRetentionDays: 90,
  auditIntegrity: { verification: 'sound', foreignObjects: [] },
  migrations: { pending: 0, unknown: 0 },
  backupAgeHours: 5,
  ...facts,
});

/** Every finding that is not OK, as `status id situation`. */
const problems = (settings: Readonly<Record<string, string>>, facts: Partial<SafetyFacts> = {}): string[] =>
  evaluateSafety(factsOf(settings, facts))
    .filter(({ status }) => status !== 'OK')
    .map(({ status, id, situation }) => `${status} ${id} ${situation}`);

const findingOf = (id: string, facts: Partial<SafetyFacts>, settings = {}): SafetyFinding | undefined =>
  evaluateSafety(factsOf(settings, facts)).find((finding) => finding.id === id);

const BEHIND_TLS = {
  NODE_ENV: 'production',
  OPSTAGE_HOST: '0.0.0.0',
  OPSTAGE_PUBLIC_BASE_URL: 'https://ops.example',
  OPSTAGE_TRUST_PROXY: '1',
};
/** As in the compose file. */
const IN_A_CONTAINER = {
  NODE_ENV: 'production',
  OPSTAGE_HOST: '0.0.0.0',
  OPSTAGE_PUBLIC_BASE_URL: 'http://127.0.0.1:8080',
};

describe('evaluateSafety', () => {
  it('returns one complete finding per check, in order', () => {
    const findings = evaluateSafety(factsOf({}));
    expect(findings.map(({ id }) => id)).toEqual(SAFETY_CHECKS);
    for (const { found, whyItMatters, situation } of findings) {
      expect(found).toMatch(/^[A-Z].*\.$/);
      expect(whyItMatters).toMatch(/^[A-Z].*\.$/);
      expect(situation).toMatch(/^[a-z-]+$/);
    }
  });

  it('finds no problem by default, nor behind TLS when clients use HTTPS', () => {
    expect(problems({})).toEqual([]);
    expect(problems(BEHIND_TLS, { traffic: { ...CALM, https: true } })).toEqual([]);
  });

  it('says what to do for every problem, and only then', () => {
    const facts = { owner: 'none', backupAgeHours: 'none', traffic: null, unusedTokens: TWELVE } as const;
    for (const { status, whatToDo } of evaluateSafety(factsOf({ OPSTAGE_HOST: '0.0.0.0' }, facts))) {
      if (status === 'OK') expect(whatToDo).toBeNull();
      else expect(whatToDo).toMatch(/\.$/);
    }
  });

  it.each<[string, Readonly<Record<string, string>>, Partial<SafetyFacts>]>([
    ['CRITICAL secret-strength weak', { OPSTAGE_SESSION_SECRET: 'abcabcabc'.repeat(5) }, {}],
    ['CRITICAL secret-strength weak', { OPSTAGE_SESSION_SECRET: `${RANDOM},${'ab'.repeat(20)}` }, {}],
    ['WARNING secret-age old', {}, { secretAgeDays: 366 }],
    ['UNKNOWN secret-age given', {}, { secretAgeDays: null }],
    ['WARNING bootstrap-password bootstrap', {}, { owner: { id: 'usr_1', username: 'ada', isBootstrap: true } }],
    ['CRITICAL bootstrap-password nobody', {}, { owner: 'none' }],
    ['WARNING proxy-headers believed', { OPSTAGE_TRUST_PROXY: '1' }, {}],
    ['WARNING proxy-headers anyone-private', { OPSTAGE_TRUST_PROXY: 'true' }, {}],
    [
      'WARNING proxy-headers anyone-private',
      { ...BEHIND_TLS, OPSTAGE_TRUST_PROXY: '10.0.0.0/8' },
      { traffic: { ...CALM, https: true } },
    ],
    ['WARNING proxy-headers unbelieved', {}, { traffic: { ...CALM, unbelievedProxy: true } }],
    ['NOTICE https unseen', BEHIND_TLS, {}],
    ['CRITICAL https plain', BEHIND_TLS, { traffic: { ...CALM, https: true, plainFromElsewhere: true } }],
    ['NOTICE exposure published', IN_A_CONTAINER, { traffic: { ...CALM, plainFromElsewhere: true } }],
    ['WARNING exposure metrics', { OPSTAGE_METRICS_HOST: '0.0.0.0', OPSTAGE_METRICS_PORT: '9464' }, {}],
    ['WARNING registration-tokens no-expiry', {}, { tokensWithoutExpiry: TWELVE, unusedTokens: TWELVE }],
    ['NOTICE registration-tokens unused', {}, { unusedTokens: TWELVE }],
    ['NOTICE agent-tokens old', {}, { oldAgentTokens: TWELVE }],
    ['WARNING dangerous-actions unconfirmed', {}, { unconfirmedActions: TWELVE }],
    ['WARNING exposed-secrets unmarked', {}, { exposedItems: TWELVE }],
    ['CRITICAL backups none', {}, { backupAgeHours: 'none' }],
    ['CRITICAL backups old', {}, { backupAgeHours: 26 }],
    ['UNKNOWN backups postgres', { DATABASE_URL: 'postgres://ops@db/ops' }, { backupAgeHours: 'none' }],
    ['WARNING audit-retention short', {}, { auditRetentionDays: 29 }],
    ['NOTICE audit-retention medium', {}, { auditRetentionDays: 89 }],
    ['WARNING migrations pending', {}, { migrations: { pending: 2, unknown: 0 } }],
    ['CRITICAL migrations newer', {}, { migrations: { pending: 0, unknown: 1 } }],
  ])('finds only %s', (problem, settings, facts) => {
    expect(problems(settings, facts)).toEqual([problem]);
  });

  it('believes what is seen: a sign-in over plain HTTP is critical whatever is configured', () => {
    const traffic = { ...CALM, plainFromElsewhere: true, plainToPublicHost: true };
    expect(problems(IN_A_CONTAINER, { traffic })).toEqual([
      'CRITICAL session-cookie insecure',
      'CRITICAL https plain',
      'CRITICAL exposure open',
    ]);
    // A proxy without TLS in front of a server that listens on loopback.
    expect(problems({}, { traffic: { ...CALM, plainToPublicHost: true } })).toEqual([
      'CRITICAL session-cookie insecure',
      'CRITICAL https plain',
    ]);
  });

  it('finds everything wrong with a server that others reach over plain HTTP', () => {
    expect(problems({ OPSTAGE_HOST: '0.0.0.0' })).toEqual([
      'WARNING session-cookie insecure',
      'WARNING https none',
      'CRITICAL exposure open',
    ]);
    // In production the cookie is Secure whatever else is wrong.
    expect(problems({ OPSTAGE_HOST: '0.0.0.0', NODE_ENV: 'production' })).not.toContain(
      'WARNING session-cookie insecure',
    );
  });

  it.each<[string, Partial<SafetyFacts>]>([
    ['secret-age', { secretAgeDays: 365 }],
    ['backups', { backupAgeHours: 25 }],
    ['audit-retention', { auditRetentionDays: 0 }],
  ])('accepts %s within its limit', (id, facts) => {
    expect(findingOf(id, facts)).toMatchObject({ status: 'OK' });
  });

  it('counts affected things and names the first of them', () => {
    expect(findingOf('agent-tokens', { oldAgentTokens: TWELVE })).toMatchObject({
      found: '12 agents with a token older than 180 days.',
      values: { count: 12 },
      details: TWELVE.first,
    });
    expect(findingOf('agent-tokens', {})).not.toHaveProperty('details');
  });

  it.each([
    [1, 'The session secret is 1 day old.'],
    [2, 'The session secret is 2 days old.'],
  ])('states an age of %s days in correct English', (secretAgeDays, found) => {
    expect(findingOf('secret-age', { secretAgeDays })).toMatchObject({ found });
  });

  it('reports facts that could not be read as UNKNOWN', () => {
    const facts = {
      owner: null,
      tokensWithoutExpiry: null,
      oldAgentTokens: null,
      unconfirmedActions: null,
      exposedItems: null,
      auditRetentionDays: null,
      auditIntegrity: null,
      migrations: null,
      backupAgeHours: null,
    };
    expect(problems({}, facts)).toEqual(
      [
        'bootstrap-password',
        'registration-tokens',
        'agent-tokens',
        'dangerous-actions',
        'exposed-secrets',
        'backups',
        'audit-retention',
        'audit-integrity',
        'migrations',
      ].map((id) => `UNKNOWN ${id} unreadable`),
    );
  });

  it('never includes a secret', () => {
    const settings = { OPSTAGE_SESSION_SECRET: `hunter2${'ab'.repeat(20)}`, OPSTAGE_ADMIN_PASSWORD: 'hunter2-hunter2' };
    expect(JSON.stringify(evaluateSafety(factsOf(settings)))).not.toContain('hunter2');
  });
});
