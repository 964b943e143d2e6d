import type { SafetyFinding } from '#contracts';
import { pluralize, finding, listed, unknown } from '../finding.js';
import { MAX_AGENT_TOKEN_AGE_DAYS, MAX_UNUSED_DAYS, type SafetyFacts } from '../safety-facts.js';

/** Registration tokens that were left unused. */
export const registrationTokens = ({ tokensWithoutExpiry, unusedTokens }: SafetyFacts): SafetyFinding => {
  if (!tokensWithoutExpiry || !unusedTokens) return unknown('registration-tokens');
  const withoutExpiry = listed('registration-tokens', tokensWithoutExpiry, {
    status: 'WARNING',
    situation: 'no-expiry',
    found: (count) => `${pluralize(count, 'active registration token')} without expiry.`,
    whatToDo: 'Revoke them, and create one that expires whenever you enrol an agent.',
  });
  const unused = listed('registration-tokens', unusedTokens, {
    status: 'NOTICE',
    situation: 'unused',
    found: (count) => `${pluralize(count, 'active registration token')} unused for more than ${MAX_UNUSED_DAYS} days.`,
    whatToDo: 'Revoke those that are no longer needed.',
  });
  const none = { status: 'OK', situation: 'none', found: 'No unused registration tokens.' } as const;
  return withoutExpiry ?? unused ?? finding('registration-tokens', none);
};

/** Agents whose token has not been changed for a long time. */
export const agentTokens = ({ oldAgentTokens }: SafetyFacts): SafetyFinding => {
  if (!oldAgentTokens) return unknown('agent-tokens');
  return (
    listed('agent-tokens', oldAgentTokens, {
      status: 'NOTICE',
      situation: 'old',
      found: (count) => `${pluralize(count, 'agent')} with a token older than ${MAX_AGENT_TOKEN_AGE_DAYS} days.`,
      whatToDo: 'Enrol them again with a registration token for their code; revoke agents that no longer exist.',
    }) ?? finding('agent-tokens', { status: 'OK', situation: 'young', found: 'No agent has an old token.' })
  );
};

/** Actions of danger level HIGH that need no confirmation. */
export const dangerousActions = ({ unconfirmedActions }: SafetyFacts): SafetyFinding => {
  if (!unconfirmedActions) return unknown('dangerous-actions');
  return (
    listed('dangerous-actions', unconfirmedActions, {
      status: 'WARNING',
      situation: 'unconfirmed',
      found: (count) => `${pluralize(count, 'high-danger action')} without confirmation.`,
      whatToDo: 'Set requiresConfirmation on these actions in their services.',
    }) ??
    finding('dangerous-actions', {
      status: 'OK',
      situation: 'none',
      found: 'Every high-danger action requires confirmation.',
    })
  );
};

/** Config items that look like secrets but are not marked sensitive. */
export const exposedSecrets = ({ exposedItems }: SafetyFacts): SafetyFinding => {
  if (!exposedItems) return unknown('exposed-secrets');
  return (
    listed('exposed-secrets', exposedItems, {
      status: 'WARNING',
      situation: 'unmarked',
      found: (count) => `${pluralize(count, 'config item')} that may be secret but not marked sensitive.`,
      whatToDo: 'Report them as sensitive in their services; the next report deletes the stored values.',
    }) ??
    finding('exposed-secrets', {
      status: 'OK',
      situation: 'none',
      found: 'No config item looks like an unmarked secret.',
    })
  );
};
