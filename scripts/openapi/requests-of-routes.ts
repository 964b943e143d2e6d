import ts from 'typescript';
import { type HandlerName, handlersIn, hasDecorator } from './handlers.ts';
import type { Schema, SchemaOfType } from './schema-of-type.ts';

/** A parameter of the path or the query. */
export interface RequestParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

/** What a handler reads of a request. */
export interface RequestOfRoute {
  readonly parameters: readonly RequestParameter[];
  /** Null when it takes none. */
  readonly body: Schema | null;
}

export type Requests = Readonly<Record<HandlerName, RequestOfRoute>>;

/** In the order in which the parameters are listed. */
const PARTS = [
  ['Param', 'path'],
  ['Query', 'query'],
] as const;

const requestOf = (checker: ts.TypeChecker, schemas: SchemaOfType, method: ts.MethodDeclaration): RequestOfRoute => {
  const typesOf = (decorator: string): readonly ts.Type[] =>
    method.parameters
      .filter((parameter) => hasDecorator(parameter, [decorator]))
      .map((parameter) => checker.getTypeAtLocation(parameter));
  const parameters = PARTS.flatMap(([decorator, place]) =>
    typesOf(decorator).flatMap((type) => {
      const { properties, required } = schemas.fieldsOf(type);
      return Object.entries(properties).map(([name, { description, ...schema }]): RequestParameter => ({
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        ...(typeof description === 'string' && { description }),
        schema,
      }));
    }),
  );
  const [body] = typesOf('Body');
  return { parameters, body: body ? schemas.of(body) : null };
};

/**
 * Reads the requests of all handlers from the classes of their parameters; the schemas they refer to are added to `schemas`.
 * @throws Error naming the handler whose request has no schema
 */
export const requestsOfRoutes = (program: ts.Program, schemas: SchemaOfType): Requests => {
  const checker = program.getTypeChecker();
  return Object.fromEntries(
    handlersIn(program).map(([name, method]) => {
      try {
        return [name, requestOf(checker, schemas, method)] as const;
      } catch (error) {
        throw new Error(`The request of ${name} has no schema: ${String(error)}`, { cause: error });
      }
    }),
  );
};
