import ts from 'typescript';
import { type Schema, SchemaOfType } from './schema-of-type.ts';

/** The answer of a handler. */
export interface Answer {
  /** A list, with `pagination` beside it. */
  readonly isPage?: true;
  readonly data: Schema;
}

/** The answer of every handler by `Controller_handler`, and the schemas they refer to by name. */
export interface Answers {
  readonly answers: Readonly<Record<string, Answer>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

const ROUTE_DECORATORS = ['Get', 'Post', 'Put', 'Patch', 'Delete'];
/** Marks handlers that do not respond with the envelope. */
const STREAM_DECORATORS = ['NoEnvelope'];
/** Types that wrap the answer in the return type of a handler. */
const DEFERRED = 'Deferred';
const PAGE = 'PageResult';

const hasDecorator = (node: ts.HasDecorators, names: readonly string[]): boolean =>
  (ts.getDecorators(node) ?? []).some(
    ({ expression }) => ts.isCallExpression(expression) && names.includes(expression.expression.getText()),
  );

/** The handlers of a controller's file, each as `Controller_handler`; streams are left out. */
const handlersOf = (file: ts.SourceFile): readonly (readonly [string, ts.MethodDeclaration])[] =>
  file.statements.filter(ts.isClassDeclaration).flatMap((controller) =>
    controller.members
      .filter(ts.isMethodDeclaration)
      .filter((member) => hasDecorator(member, ROUTE_DECORATORS) && !hasDecorator(member, STREAM_DECORATORS))
      .map((member) => [`${controller.name?.text ?? ''}_${member.name.getText()}`, member] as const),
  );

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

const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

/**
 * Reads the answers of all handlers from the types of `*.controller.ts`; types declared in `contracts` get a schema by name.
 * @throws Error naming the handler whose answer has no schema
 */
export const answersOfRoutes = (program: ts.Program, contracts: string): Answers => {
  const checker = program.getTypeChecker();
  const isContract = (symbol: ts.Symbol): boolean =>
    (symbol.declarations ?? []).some((one) => one.getSourceFile().fileName.startsWith(contracts)) &&
    !symbol.name.startsWith('__');
  const schemas = new SchemaOfType(checker, isContract);
  const controllers = program.getSourceFiles().filter(({ fileName }) => fileName.endsWith('.controller.ts'));
  const answers = controllers.flatMap(handlersOf).map(([name, method]) => {
    try {
      return [name, answerOf(checker, schemas, method)] as const;
    } catch (error) {
      throw new Error(`The answer of ${name} has no schema: ${String(error)}`, { cause: error });
    }
  });
  return {
    answers: Object.fromEntries([...answers].sort(byName)),
    schemas: Object.fromEntries([...schemas.definitions].sort(byName)),
  };
};
