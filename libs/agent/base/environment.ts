/** What the environment says about an agent; the options of a service take precedence. Empty variables count as unset. */
export interface AgentEnvironment {
  readonly backendUrl: string | undefined;
  readonly registrationToken: string | undefined;
  readonly tokenFile: string | undefined;
  readonly agentCode: string | undefined;
  readonly agentName: string | undefined;
}

export const readEnvironment = (
  environment: Readonly<Record<string, string | undefined>> = process.env,
): AgentEnvironment => {
  const read = (name: string): string | undefined => {
    const value = environment[name]?.trim();
    return value === '' ? undefined : value;
  };
  return {
    backendUrl: read('OPSTAGE_BACKEND_URL'),
    registrationToken: read('OPSTAGE_REGISTRATION_TOKEN'),
    tokenFile: read('OPSTAGE_AGENT_TOKEN_FILE'),
    agentCode: read('OPSTAGE_AGENT_CODE'),
    agentName: read('OPSTAGE_AGENT_NAME'),
  };
};
