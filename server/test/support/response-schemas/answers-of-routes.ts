import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { SchemaOfType, type Schema } from './schema-of-type.js';

const ROOT = join(__dirname, '../../../..');
const MODULES = join(ROOT, 'server/src/modules');
const CONTRACTS = join(ROOT, 'libs/contracts');

/** What a handler answers. */
interface Answer {
  /** A list, with `pagination` beside it. */
  readonly isPage?: true;
  readonly data: Schema;
}

/** What every handler answers, by `Controller_handler`, and the schemas they refer to, by name. */
export interface Answers {
  readonly answers: Readonly<Record<string, Answer>>;
  readonly schemas: Readonly<Record<string, Schema>>;
}

const ROUTE_DECORATORS = ['Get', 'Post', 'Put', 'Patch', 'Delete'];

const hasDecorator = (node: ts.HasDecorators, names: readonly string[]): boolean =>
  (ts.getDecorators(node) ?? []).some(
    ({ expression }) => ts.isCallExpression(expression) && names.includes(expression.expression.getText()),
  );

const controllerFiles = (): readonly string[] =>
  readdirSync(MODULES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.controller.ts'))
    .sort()
    .map((file) => join(MODULES, file));

const compilerOptions = (): ts.CompilerOptions => {
  const read = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (file) => ts.sys.readFile(file));
  const config: unknown = read.config;
  return ts.parseJsonConfigFileContent(config, ts.sys, ROOT, undefined, undefined).options;
};

/** The handlers of a controller's file, each as `Controller_handler`; streams are left out. */
const handlersOf = (file: ts.SourceFile): readonly (readonly [string, ts.MethodDeclaration])[] =>
  file.statements.filter(ts.isClassDeclaration).flatMap((controller) =>
    controller.members
      .filter(ts.isMethodDeclaration)
      .filter((member) => hasDecorator(member, ROUTE_DECORATORS) && !hasDecorator(member, ['NoEnvelope']))
      .map((member) => [`${controller.name?.text ?? ''}_${member.name.getText()}`, member] as const),
  );

const isCalled = ({ symbol }: { readonly symbol?: ts.Symbol }, name: string): boolean => symbol?.name === name;

/** The type argument of a page or a deferred response. */
const argumentOf = (checker: ts.TypeChecker, type: ts.Type): ts.Type => {
  const [argument] = checker.getTypeArguments(type as ts.TypeReference);
  if (!argument) throw new Error(`${checker.typeToString(type)} says not of what`);
  return argument;
};

const answerOf = (checker: ts.TypeChecker, schemas: SchemaOfType, method: ts.MethodDeclaration): Answer => {
  const signature = checker.getSignatureFromDeclaration(method);
  if (!signature || !method.type) throw new Error('it does not say what it answers');
  const returned = checker.getReturnTypeOfSignature(signature);
  const awaited = checker.getAwaitedType(returned) ?? returned;
  const answer = isCalled(awaited, 'Deferred') ? argumentOf(checker, awaited) : awaited;
  if (!isCalled(answer, 'PageResult')) return { data: schemas.of(answer) };
  const item = argumentOf(checker, answer);
  return { isPage: true, data: { type: 'array', items: schemas.of(item) } };
};

/** Reads what handlers answer from the types of the sources. */
export const answersOfRoutes = (): Answers => {
  const program = ts.createProgram(controllerFiles(), compilerOptions());
  const checker = program.getTypeChecker();
  const isOfContracts = (symbol: ts.Symbol): boolean =>
    (symbol.declarations ?? []).some(
      (one) => !one.getSourceFile().isDeclarationFile && one.getSourceFile().fileName.startsWith(CONTRACTS),
    ) && !symbol.name.startsWith('__');
  const schemas = new SchemaOfType(checker, isOfContracts);
  const answers = controllerFiles().flatMap((path) => {
    const file = program.getSourceFile(path);
    return (file ? handlersOf(file) : []).map(([name, method]) => {
      try {
        return [name, answerOf(checker, schemas, method)] as const;
      } catch (error) {
        throw new Error(`What ${name} answers has no schema: ${String(error)}`, { cause: error });
      }
    });
  });
  const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);
  return {
    answers: Object.fromEntries([...answers].sort(byName)),
    schemas: Object.fromEntries([...schemas.definitions].sort(byName)),
  };
};
