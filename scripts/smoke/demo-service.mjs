import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './waiting.mjs';

const ENDED = ['SUCCEEDED', 'FAILED', 'EXPIRED', 'CANCELLED'];
const DEMO_CODE = 'demo-service';

/** The demo's service as an operator handles it over the API. */
export class DemoService {
  constructor(operator, id) {
    this.operator = operator;
    this.path = `/api/admin/capsule-services/${id}`;
  }

  /** Waits until the demo is there and healthy. */
  static async find(operator) {
    const found = await eventually('the demo service in the list, live', async () => {
      const services = await operator.get('/api/admin/capsule-services');
      return services.find(({ code, status }) => code === DEMO_CODE && ['HEALTHY', 'UNHEALTHY'].includes(status));
    });
    return new DemoService(operator, found.id);
  }

  details() {
    return this.operator.get(this.path);
  }

  prepare(action) {
    return this.operator.get(`${this.path}/actions/${action}`);
  }

  start(action, request = {}) {
    return this.operator.post(`${this.path}/actions/${action}`, request);
  }

  refuses(status, code, action, request = {}) {
    return this.operator.refused(status, code, 'POST', `${this.path}/actions/${action}`, request);
  }

  /** Waits until the command reached `status`, as `reader` sees it. */
  until(command, status, reader = this.operator) {
    return eventually(`${command.actionName} ${status}`, async () => {
      const seen = await reader.get(`/api/admin/commands/${command.id}`);
      if (seen.status !== status && ENDED.includes(seen.status))
        throw new Error(`${seen.actionName} is ${seen.status}, not ${status}: ${seen.errorCode} ${seen.errorMessage}`);
      return seen.status === status ? seen : null;
    });
  }

  /** Runs an action that must succeed and answers with its result. */
  async run(action, request) {
    return (await this.until(await this.start(action, request), 'SUCCEEDED')).result;
  }

  /** Echoes something; tries again while the server waits for the demo to come back. */
  async echoOnceBack() {
    const request = { payload: { text: 'Back again' } };
    const command = await eventually('the server takes a command for the demo', async () => {
      const answer = await this.operator.send('POST', `${this.path}/actions/echo`, request);
      return answer.status === 200 ? answer.body.data : null;
    });
    const { result } = await this.until(command, 'SUCCEEDED');
    assert.equal(result.data.text, 'Back again');
  }
}

/** What the demo stored, which must be for its owner only. */
export const storedAgentToken = ({ dataDir }) => {
  const file = join(dataDir, 'agent-token.json');
  assert.equal((statSync(file).mode & 0o777).toString(8), '600');
  return JSON.parse(readFileSync(file, 'utf8'));
};
