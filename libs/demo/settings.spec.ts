import { readSettings } from './settings.js';

describe('readSettings', () => {
  it('has defaults for everything but the registration token', () => {
    expect(readSettings({ OPSTAGE_BACKEND_URL: ' ' })).toEqual({
      backendUrl: 'http://127.0.0.1:8080',
      registrationToken: undefined,
      tokenFile: './data/agent-token.json',
      agentCode: 'demo-agent',
      agentName: 'Demo Agent',
    });
  });

  it('uses the variables that are set', () => {
    const environment = {
      OPSTAGE_BACKEND_URL: 'https://opstage.example',
      OPSTAGE_REGISTRATION_TOKEN: 'opstage_reg_x\n',
      OPSTAGE_AGENT_TOKEN_FILE: '/run/token.json',
      OPSTAGE_AGENT_CODE: 'second',
      OPSTAGE_AGENT_NAME: 'Second',
    };
    expect(readSettings(environment)).toEqual({
      backendUrl: 'https://opstage.example',
      registrationToken: 'opstage_reg_x',
      tokenFile: '/run/token.json',
      agentCode: 'second',
      agentName: 'Second',
    });
  });
});
