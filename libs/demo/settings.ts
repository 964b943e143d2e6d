/** The demo's settings from the environment. */
export interface DemoSettings {
  readonly backendUrl: string;
  readonly registrationToken: string | undefined;
  readonly tokenFile: string;
  readonly agentCode: string;
  readonly agentName: string;
}

/** Reads the settings; an unset or empty variable takes its default. */
export const readSettings = (environment: Readonly<Record<string, string | undefined>>): DemoSettings => {
  const read = (name: string): string | undefined => {
    const value = environment[name]?.trim();
    return value === '' ? undefined : value;
  };
  return {
    backendUrl: read('OPSTAGE_BACKEND_URL') ?? 'http://127.0.0.1:8080',
    registrationToken: read('OPSTAGE_REGISTRATION_TOKEN'),
    tokenFile: read('OPSTAGE_AGENT_TOKEN_FILE') ?? './data/agent-token.json',
    agentCode: read('OPSTAGE_AGENT_CODE') ?? 'demo-agent',
    agentName: read('OPSTAGE_AGENT_NAME') ?? 'Demo Agent',
  };
};
