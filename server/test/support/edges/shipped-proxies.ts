import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '#testing';
import { startNginx } from './nginx.js';
import { SystemProgram } from './system-program.js';

/** A certificate for loopback, made for this run. */
export interface Certificate {
  /** Files in PEM format; `both` has the certificate and its key. */
  readonly certificate: string;
  readonly key: string;
  readonly both: string;
}

/** Writes a self-signed certificate for 127.0.0.1 into the folder. */
export const createCertificate = (folder: string): Certificate => {
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...curve, ...names, '-out', certificate, '-keyout', key], { stdio: 'pipe' });
  const both = join(folder, 'both.pem');
  execFileSync('sh', ['-c', 'cat "$0" "$1" >"$2"', certificate, key, both]);
  return { certificate, key, both };
};

/** What the configuration of a proxy is adapted to. */
export interface Surroundings {
  readonly port: number;
  /** The ports of the two replicas. */
  readonly replicas: readonly [number, number];
  readonly tls: Certificate;
}

/** Replaces each text, which must be there. */
const replaced = (text: string, replacements: readonly (readonly [string, string])[]): string =>
  replacements.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`The configuration does not contain "${from}".`);
    return before.replace(from, to);
  }, text);

const shipped = (name: string): string => readFileSync(join('deploy', 'proxies', name), 'utf8');

const nginx = ({ port, replicas: [a, b], tls }: Surroundings): Promise<SystemProgram> =>
  startNginx(
    port,
    replaced(shipped('nginx.conf'), [
      ['listen 443', `listen 127.0.0.1:${port}`],
      ['127.0.0.1:8080', `127.0.0.1:${a}`],
      ['# server 127.0.0.1:8081', `server 127.0.0.1:${b}`],
      ['/etc/ssl/opstage/fullchain.pem', tls.certificate],
      ['/etc/ssl/opstage/key.pem', tls.key],
    ]),
  );

/** Without its administration, and without the redirect on port 80. */
const QUIET_CADDY = '{\n  admin off\n  auto_https disable_redirects\n}\n';

const caddy = ({ port, replicas: [a, b], tls }: Surroundings): Promise<SystemProgram> =>
  SystemProgram.start('caddy', {
    port,
    configuration: () =>
      QUIET_CADDY +
      replaced(shipped('Caddyfile'), [
        ['\nopstage.example.com {', `\nhttps://127.0.0.1:${port} {\n  bind 127.0.0.1`],
        ['# tls /etc/ssl/opstage/fullchain.pem /etc/ssl/opstage/key.pem', `tls ${tls.certificate} ${tls.key}`],
        ['127.0.0.1:8080', `127.0.0.1:${a}`],
        ['# to 127.0.0.1:8081', `to 127.0.0.1:${b}`],
      ]),
    args: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  });

const haproxy = ({ port, replicas: [a, b], tls }: Surroundings): Promise<SystemProgram> =>
  SystemProgram.start('haproxy', {
    port,
    configuration: () =>
      replaced(shipped('haproxy.cfg'), [
        ['bind :443', `bind 127.0.0.1:${port}`],
        ['/etc/ssl/opstage/chain-and-key.pem', tls.both],
        ['127.0.0.1:8080', `127.0.0.1:${a}`],
        ['# server b 127.0.0.1:8081', `server b 127.0.0.1:${b}`],
      ]),
    args: (file) => ['-db', '-f', file],
  });

const PROXIES = { nginx, caddy, haproxy };

/** The proxies whose configuration is in `deploy/proxies`. */
export type ShippedProxy = keyof typeof PROXIES;

export const SHIPPED_PROXIES = Object.keys(PROXIES) as readonly ShippedProxy[];

/** The real proxy in front of two replicas, with the shipped configuration and the ports and certificate of this test. */
export const startShippedProxy = async (
  name: ShippedProxy,
  surroundings: Omit<Surroundings, 'port'>,
): Promise<SystemProgram> => PROXIES[name]({ ...surroundings, port: await freePort() });
