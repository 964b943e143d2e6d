import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { AppConfig } from '../config/app-config.js';

const YEAR_SECONDS = 31_536_000;

/** A response of the API is data: a browser that opens it must not load or run anything. */
const DATA_POLICY = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** For the API's docs: their page contains inline styles, and its scripts are files. */
const DOCS_POLICY = [
  "default-src 'none'",
  "base-uri 'none'",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "img-src 'self' data:",
  "script-src 'self'",
  "script-src-attr 'none'",
  "style-src 'self' 'unsafe-inline'",
].join(';');

const DOCS = /^\/api\/docs(?:\/|$)/;

/** Browser features that no page of ours needs; passkeys are for our own pages. */
const PERMISSIONS = [
  ...['accelerometer', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'magnetometer', 'microphone', 'midi'],
  ...['payment', 'screen-wake-lock', 'serial', 'usb', 'xr-spatial-tracking', 'browsing-topics'],
]
  .map((feature) => `${feature}=()`)
  .concat('publickey-credentials-get=(self)', 'publickey-credentials-create=(self)')
  .join(', ');

const addPolicies = (request: Request, response: Response, next: NextFunction): void => {
  response.setHeader('Content-Security-Policy', DOCS.test(request.path) ? DOCS_POLICY : DATA_POLICY);
  response.setHeader('Permissions-Policy', PERMISSIONS);
  next();
};

/** Sent only over TLS, on the request or at the configured public address: browsers ignore it elsewhere (RFC 6797). */
const strictTransport = (isPublicHttps: boolean): RequestHandler => {
  // Not for subdomains, which may belong to other programs.
  const header = `max-age=${YEAR_SECONDS}`;
  return (request, response, next) => {
    if (request.secure || isPublicHttps) response.setHeader('Strict-Transport-Security', header);
    next();
  };
};

/** Middleware for the headers of every response. The console's pages replace the policy with their own, which has a nonce. */
export const securityHeaders = ({ publicBaseUrl }: AppConfig): readonly RequestHandler[] => [
  helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  }),
  addPolicies,
  strictTransport(publicBaseUrl?.startsWith('https:') ?? false),
];

/** Middleware that keeps responses of the API out of every cache. */
export const noStore: RequestHandler = (_request, response, next) => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};
