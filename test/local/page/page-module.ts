// The page's pure modules, loaded as they are served. They are JavaScript with types in comments, checked by
// types.test.ts; here a caller says what it expects of them.

export async function pageModule<Exports>(file: string): Promise<Exports> {
  return (await import(new URL(`../../../src/local/page/${file}`, import.meta.url).href)) as Exports;
}
