// Ends with 0 when the server in this container is healthy, and with 1 when it is not.
import { get } from 'node:http';

// A Kubernetes Service named `opstage` sets it to an address.
const port = /^\d+$/.test(process.env.OPSTAGE_PORT ?? '') ? process.env.OPSTAGE_PORT : 8080;
const end = (isHealthy) => process.exit(isHealthy ? 0 : 1);
get({ host: '127.0.0.1', port, path: '/health', timeout: 4_000 }, ({ statusCode }) => end(statusCode === 200))
  .on('timeout', () => end(false))
  .on('error', () => end(false));
