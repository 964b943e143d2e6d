import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SESSION_COOKIE } from '#contracts';
import { describeEnvelopes } from './common/http/openapi-envelopes.js';

/** The OpenAPI document of the routes there are. */
export const createOpenApi = (app: INestApplication, version: string): OpenAPIObject =>
  describeEnvelopes(
    SwaggerModule.createDocument(
      app,
      new DocumentBuilder()
        .setTitle('Opstage CE')
        .setDescription('A self-hosted control plane for Capsule Services.')
        .setVersion(version)
        .addCookieAuth(SESSION_COOKIE)
        .addBearerAuth()
        .build(),
    ),
  );
