import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { SESSION_COOKIE } from '#contracts';
import { describeEnvelopes } from './common/http/openapi-envelopes.js';
import { loadSwagger } from './common/http/openapi.js';

/** The OpenAPI document of the routes there are. */
export const createOpenApi = async (app: INestApplication, version: string): Promise<OpenAPIObject> => {
  const { DocumentBuilder, SwaggerModule } = await loadSwagger();
  // As long as the code of the server itself, and as seldom needed.
  const { ANSWERS, SCHEMAS } = await import('./response-schemas.generated.js');
  return describeEnvelopes(
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
};
