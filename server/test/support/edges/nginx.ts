import { freePort } from '#testing';
import { SystemProgram } from './system-program.js';

/** What nginx needs to run beside others, and as root; everything else stays as it ships. */
const around = (folder: string, http: string): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
worker_processes 1;
error_log ${folder}/error.log;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${http}
}`;

/** nginx with this configuration of an empty `http`, which listens on this port of loopback. */
export const startNginx = (port: number, http: string): Promise<SystemProgram> =>
  SystemProgram.start('nginx', {
    port,
    configuration: (folder) => around(folder, http),
    args: (file, folder) => ['-c', file, '-p', folder, '-e', `${folder}/error.log`, '-g', 'daemon off;'],
  });

/** A real nginx on loopback. */
export class Nginx {
  private constructor(private readonly program: SystemProgram) {}

  /** Starts it with these blocks of `http`, which get the port to listen on. */
  static async start(http: (port: number) => string): Promise<Nginx> {
    const port = await freePort();
    return new Nginx(await startNginx(port, http(port)));
  }

  /** nginx with `proxy_pass` and nothing else, as somebody sets it up who reads no manual: HTTP/1.0 to the server, buffered. */
  static inFrontOf(url: string): Promise<Nginx> {
    return Nginx.start((port) => `server { listen 127.0.0.1:${port}; location / { proxy_pass ${url}; } }`);
  }

  get url(): string {
    return `http://127.0.0.1:${this.program.port}`;
  }

  stop(): Promise<void> {
    return this.program.stop();
  }
}
