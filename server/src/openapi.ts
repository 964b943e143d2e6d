import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SESSION_COOKIE } from '#contracts';
import { describeEnvelopes } from './common/http/openapi-envelopes.js';
import { ANSWERS, SCHEMAS } from './response-schemas.generated.js';

/** The OpenAPI document of the routes there are. */
export const createOpenApi = (app: INestApplication, version: string): OpenAPIObject =>
  describeEnvelopes(
    SwaggerModule.createDocument(
      app,
      new DocumentBuilder()
        .setTitle('Opstage CE')
        .setDescription('A self-hosted control plane for Capsule Services.')
        .setVersion(version)
        // The first that takes JSON Schema as it is.
        .setOpenAPIVersion('3.1.0')
        .addCookieAuth(SESSION_COOKIE)
        .addBearerAuth()
        .build(),
    ),
    { answers: ANSWERS, schemas: SCHEMAS },
  );
