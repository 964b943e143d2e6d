import { dirname, relative } from 'node:path';
import ts from 'typescript';
import { inProject } from './project.mjs';

/** What the plugin of @nestjs/swagger adds to each controller and DTO. */
const WHOLE = '@nestjs/swagger';
/** Its decorators, which load the library when somebody asks for the description. */
const LIGHT = inProject('server/src/http/openapi/openapi-decorators.js');

const pathFrom = (file) => {
  const path = relative(dirname(file), LIGHT);
  return path.startsWith('.') ? path : `./${path}`;
};

/** A plugin of the Nest compiler, to run after that of @nestjs/swagger: lets what that adds import our decorators. */
export const after = () => (context) => (file) => {
  const { factory } = context;
  const statements = file.statements.map((statement) => {
    if (!ts.isImportDeclaration(statement) || statement.moduleSpecifier.text !== WHOLE) return statement;
    const { modifiers, importClause, attributes } = statement;
    const specifier = factory.createStringLiteral(pathFrom(file.fileName));
    return factory.updateImportDeclaration(statement, modifiers, importClause, specifier, attributes);
  });
  return factory.updateSourceFile(file, statements);
};
