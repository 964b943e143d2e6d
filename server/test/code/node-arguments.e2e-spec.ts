import { readFileSync } from 'node:fs';

interface Manifest {
  readonly opstage: { readonly nodeArguments: readonly string[] };
}

it('a container runs the server with the arguments of `npm start`', () => {
  const { opstage } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  const command = ['/app/node', ...opstage.nodeArguments, '/app/dist/server/main.js'];
  expect(readFileSync('Dockerfile', 'utf8').trimEnd().split('\n').at(-1)).toBe(
    `CMD [${command.map((part) => JSON.stringify(part)).join(', ')}]`,
  );
});
