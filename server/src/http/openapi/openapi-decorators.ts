import type * as Swagger from '@nestjs/swagger';

type Decorators = Pick<
  typeof Swagger,
  | 'ApiBearerAuth'
  | 'ApiCookieAuth'
  | 'ApiExtension'
  | 'ApiHeader'
  | 'ApiOperation'
  | 'ApiParam'
  | 'ApiPropertyOptional'
  | 'ApiResponse'
  | 'ApiTags'
>;

type Decorate = (...target: readonly unknown[]) => void;

const noted: ((swagger: typeof Swagger) => void)[] = [];

/** The decorator of that name, which only notes what is said until {@link loadSwagger} is called. */
const later = <Name extends keyof Decorators>(name: Name): Decorators[Name] => {
  const decorator =
    (...said: readonly unknown[]): Decorate =>
    (...target) => {
      noted.push((swagger) => {
        const make = swagger[name] as (...said: readonly unknown[]) => Decorate;
        make(...said)(...target);
      });
    };
  return decorator as Decorators[Name];
};

// The library and what it needs are 600 modules, an eighth of a start and 6 MB, and few ever ask for the description.
export const ApiBearerAuth = later('ApiBearerAuth');
export const ApiCookieAuth = later('ApiCookieAuth');
export const ApiExtension = later('ApiExtension');
export const ApiHeader = later('ApiHeader');
export const ApiOperation = later('ApiOperation');
export const ApiParam = later('ApiParam');
export const ApiPropertyOptional = later('ApiPropertyOptional');
export const ApiResponse = later('ApiResponse');
export const ApiTags = later('ApiTags');

/** The library, which then knows all that was said by these decorators. */
export const loadSwagger = async (): Promise<typeof Swagger> => {
  const swagger = await import('@nestjs/swagger');
  for (const say of noted.splice(0)) say(swagger);
  return swagger;
};
