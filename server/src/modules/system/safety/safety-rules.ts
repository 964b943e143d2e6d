import { SAFETY_CHECKS, type SafetyCheckId, type SafetyFinding } from '#contracts';
import { agentTokens, dangerousActions, exposedSecrets, registrationTokens } from './rules/fleet-rules.js';
import { exposure, https, proxyHeaders, sessionCookie } from './rules/network-rules.js';
import { bootstrapPassword, secretAge, secretStrength } from './rules/secret-rules.js';
import { auditIntegrity, auditRetention, backups, pendingMigrations } from './rules/upkeep-rules.js';
import type { SafetyFacts } from './safety-facts.js';

const RULES: Readonly<Record<SafetyCheckId, (facts: SafetyFacts) => SafetyFinding>> = {
  'secret-strength': secretStrength,
  'secret-age': secretAge,
  'bootstrap-password': bootstrapPassword,
  'session-cookie': sessionCookie,
  'proxy-headers': proxyHeaders,
  https,
  exposure,
  'registration-tokens': registrationTokens,
  'agent-tokens': agentTokens,
  'dangerous-actions': dangerousActions,
  'exposed-secrets': exposedSecrets,
  backups,
  'audit-retention': auditRetention,
  'audit-integrity': auditIntegrity,
  migrations: pendingMigrations,
};

/** Returns one finding per check, in the order of `SAFETY_CHECKS`. */
export const evaluateSafety = (facts: SafetyFacts): SafetyFinding[] => SAFETY_CHECKS.map((id) => RULES[id](facts));
