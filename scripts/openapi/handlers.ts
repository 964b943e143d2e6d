import ts from 'typescript';

/** The name by which Nest, the answers and the requests know a handler: `Controller_handler`. */
export type HandlerName = string;

const ROUTE_DECORATORS = ['Get', 'Post', 'Put', 'Patch', 'Delete'];

/** Whether the node has a decorator with one of these names. */
export const hasDecorator = (node: ts.HasDecorators, names: readonly string[]): boolean =>
  (ts.getDecorators(node) ?? []).some(
    ({ expression }) => ts.isCallExpression(expression) && names.includes(expression.expression.getText()),
  );

const handlersOf = (file: ts.SourceFile): readonly (readonly [HandlerName, ts.MethodDeclaration])[] =>
  file.statements.filter(ts.isClassDeclaration).flatMap((controller) =>
    controller.members
      .filter(ts.isMethodDeclaration)
      .filter((member) => hasDecorator(member, ROUTE_DECORATORS))
      .map((member) => [`${controller.name?.text ?? ''}_${member.name.getText()}`, member] as const),
  );

/** Every handler of `*.controller.ts`. */
export const handlersIn = (program: ts.Program): readonly (readonly [HandlerName, ts.MethodDeclaration])[] =>
  program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.endsWith('.controller.ts'))
    .flatMap(handlersOf);

/** Orders entries by name. */
export const byName = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);
