declare const brand: unique symbol;

/** A value of `Base` that only a parser of this kind can make: `Brand<string, 'DriveId'>` is not any string. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };
