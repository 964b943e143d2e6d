export * from './api-client.js';
export * from './builders.js';
export * from './test-agent.js';
export * from './test-operator.js';
