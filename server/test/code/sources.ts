import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import ts from 'typescript';

export const ROOT = join(__dirname, '../../..');
const SRC = 'server/src';

/** A source file of the server, as its syntax tree. */
export class SourceFile {
  readonly tree: ts.SourceFile;
  readonly text: string;

  /** `path` is relative to `server/src`. */
  constructor(readonly path: string) {
    this.text = readFileSync(join(ROOT, SRC, path), 'utf8');
    this.tree = ts.createSourceFile(path, this.text, ts.ScriptTarget.Latest, true);
  }

  get lines(): number {
    return this.text.split('\n').length - 1;
  }

  get folder(): string {
    return dirname(this.path);
  }

  get name(): string {
    return basename(this.path);
  }

  /** The feature module, or the part of the server outside of them: `agents`, `database`, `main.ts`. */
  get module(): string {
    const [first = '', second = ''] = this.path.split('/');
    return first === 'modules' ? second : first;
  }

  get classes(): readonly ts.ClassDeclaration[] {
    return this.tree.statements.filter(ts.isClassDeclaration);
  }

  /** Packages and files that it imports, files by their path in `server/src`; `import()` of a literal counts. */
  get imports(): readonly string[] {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      const specifier = importedBy(node);
      if (specifier !== null) found.push(specifier);
      ts.forEachChild(node, visit);
    };
    visit(this.tree);
    return found.map((one) => (one.startsWith('.') ? posix.join(this.folder, one).replace(/\.js$/, '.ts') : one));
  }
}

const importedBy = (node: ts.Node): string | null => {
  const isStatic = ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
  const specifier = isStatic ? node.moduleSpecifier : ts.isCallExpression(node) ? dynamicImport(node) : undefined;
  return specifier && ts.isStringLiteral(specifier) ? specifier.text : null;
};

const dynamicImport = ({ expression, arguments: [first] }: ts.CallExpression): ts.Expression | undefined =>
  expression.kind === ts.SyntaxKind.ImportKeyword ? first : undefined;

/** All product files of the server. */
export const sourceFiles = (): readonly SourceFile[] =>
  readdirSync(join(ROOT, SRC), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => new SourceFile(path));

/** The arguments of a decorator of this name, as source text; null without it. */
export const decoratorArguments = (node: ts.HasDecorators, name: string): readonly ts.Expression[] | null => {
  for (const { expression } of ts.getDecorators(node) ?? []) {
    if (ts.isCallExpression(expression) && expression.expression.getText() === name) return [...expression.arguments];
  }
  return null;
};

/** The texts in an argument: a string, or a list of strings. */
export const textsOf = (argument: ts.Expression | undefined): readonly string[] => {
  if (!argument) return [''];
  if (ts.isArrayLiteralExpression(argument)) return argument.elements.flatMap(textsOf);
  return ts.isStringLiteralLike(argument) ? [argument.text] : [];
};

const LIFECYCLE = new Set([
  'onModuleInit',
  'onModuleDestroy',
  'onApplicationBootstrap',
  'onApplicationShutdown',
  'beforeApplicationShutdown',
]);

/** The methods and getters that other classes may call, without those that Nest calls. */
export const publicMembers = (declaration: ts.ClassDeclaration): readonly string[] =>
  declaration.members
    .filter((member) => ts.isMethodDeclaration(member) || ts.isGetAccessor(member))
    .filter(({ name }) => !ts.isPrivateIdentifier(name))
    .filter((member) => (ts.getModifiers(member) ?? []).every(({ kind }) => kind !== ts.SyntaxKind.PrivateKeyword))
    .map(({ name }) => name.getText())
    .filter((name) => !LIFECYCLE.has(name));
