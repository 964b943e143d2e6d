import type ts from 'typescript';
import { byName, type HandlerName, handlersIn, hasDecorator } from './handlers.ts';
import type { Schema, SchemaOfType } from './schema-of-type.ts';

/** The answer of a handler. */
export interface Answer {
  /** A list, with `pagination` beside it. */
  readonly isPage?: true;
  readonly data: Schema;
}

/** The answer of every handler but the streams. */
export type Answers = Readonly<Record<HandlerName, Answer>>;

/** Marks handlers that do not respond with the envelope. */
const STREAM_DECORATORS = ['NoEnvelope'];
/** Types that wrap the answer in the return type of a handler. */
const DEFERRED = 'Deferred';
const PAGE = 'PageResult';

const isNamed = ({ symbol }: { readonly symbol?: ts.Symbol }, name: string): boolean => symbol?.name === name;

/** The item of a page, or the value of a deferred response. */
const argumentOf = (checker: ts.TypeChecker, type: ts.Type): ts.Type => {
  const [argument] = checker.getTypeArguments(type as ts.TypeReference);
  if (!argument) throw new Error(`${checker.typeToString(type)} has no type argument`);
  return argument;
};

const answerOf = (checker: ts.TypeChecker, schemas: SchemaOfType, method: ts.MethodDeclaration): Answer => {
  const signature = checker.getSignatureFromDeclaration(method);
  if (!signature || !method.type) throw new Error('it declares no return type');
  const returned = checker.getReturnTypeOfSignature(signature);
  const awaited = checker.getAwaitedType(returned) ?? returned;
  const answer = isNamed(awaited, DEFERRED) ? argumentOf(checker, awaited) : awaited;
  if (!isNamed(answer, PAGE)) return { data: schemas.of(answer) };
  const item = argumentOf(checker, answer);
  return { isPage: true, data: { type: 'array', items: schemas.of(item) } };
};

/**
 * Reads the answers of all handlers from the types of `*.controller.ts`; the schemas they refer to are added to `schemas`.
 * @throws Error naming the handler whose answer has no schema
 */
export const answersOfRoutes = (program: ts.Program, schemas: SchemaOfType): Answers => {
  const checker = program.getTypeChecker();
  const answers = handlersIn(program)
    .filter(([, method]) => !hasDecorator(method, STREAM_DECORATORS))
    .map(([name, method]) => {
      try {
        return [name, answerOf(checker, schemas, method)] as const;
      } catch (error) {
        throw new Error(`The answer of ${name} has no schema: ${String(error)}`, { cause: error });
      }
    });
  return Object.fromEntries([...answers].sort(byName));
};
