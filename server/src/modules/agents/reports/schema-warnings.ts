import type { ReportedService, ValidationIssue } from '#contracts';
import type { AgentActor } from '../../../common/actor.js';
import type { SchemaChecks } from '../schemas/schema-checks.service.js';

/** What the agent should know about the input schemas of a service that it reported, by their path in it. */
export const schemaWarnings = async (
  checks: SchemaChecks,
  agent: AgentActor,
  { code, actions = [] }: ReportedService,
): Promise<readonly ValidationIssue[]> => {
  const judged = await checks.judgeAll(actions, [agent.id, code]);
  return judged.flatMap(([{ name }, { problem, ignored }], index) => {
    const path = `actions.${index}.inputSchema`;
    if (problem !== null) return [{ path, message: `action ${name}: this input schema cannot be used: ${problem}` }];
    return ignored.map((keyword) => ({
      path,
      message: `action ${name}: "${keyword}" counts for nothing in the dialect of this input schema; name its own in "$schema"`,
    }));
  });
};
