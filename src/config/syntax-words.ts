// The sentences for what YAML itself complains about, and for the parts of YAML that are not taken. Ours and not the
// library's, because its messages quote the file, and a broken line may hold a secret.
import type { ErrorCode } from 'yaml';

type Ours =
  | 'TOO_LARGE'
  | 'EMPTY'
  | 'DIRECTIVE'
  | 'ALIAS'
  | 'ANCHOR'
  | 'TAG'
  | 'MERGE'
  | 'TOO_DEEP'
  | 'FORBIDDEN_KEY'
  | 'SURROGATE';

const WRITE_OUT = 'Write the value out in each place where it is needed.';
const INDENT = 'Indent with two spaces for each level, and all keys of one level alike.';
const BRACKETS = 'Close every bracket, brace and quote, and put a comma between the items of a list in one line.';
const QUOTE = 'Put the text in quotes: key: "text"';
const KEYS = 'Write one key and its value on each line: key: value';
const TAGS = 'Leave the tag away: the kind of each value is known.';

export const SYNTAX_WORDS: { readonly [code in ErrorCode | Ours]: readonly [says: string, remedy: string] } = {
  TOO_LARGE: ['the file is larger than 1 MB', 'A configuration is some kilobytes: check that this is the right file.'],
  EMPTY: ['the file is empty', 'Start from hallpass.example.yaml.'],
  DIRECTIVE: ['YAML directives (lines that begin with %) are not taken', 'Remove the line.'],
  ALIAS: ['YAML aliases (*name) are not taken', WRITE_OUT],
  ANCHOR: ['YAML anchors (&name) are not taken', WRITE_OUT],
  TAG: ['YAML tags (!name) are not taken', TAGS],
  MERGE: ['the YAML merge key (<<) is not taken', WRITE_OUT],
  TOO_DEEP: ['this is nested more than 20 levels deep', 'Check the indentation of the lines above.'],
  FORBIDDEN_KEY: ['this key has a meaning of its own in JavaScript and is not taken', 'Choose another name.'],
  SURROGATE: ['this text holds half a character', 'Write the character itself instead of its \\u escapes.'],
  ALIAS_PROPS: ['an alias has no properties', WRITE_OUT],
  BAD_ALIAS: ['YAML aliases (*name) are not taken', `${WRITE_OUT} A text that begins with * needs quotes.`],
  BAD_DIRECTIVE: ['YAML directives (lines that begin with %) are not taken', 'Remove the line.'],
  BAD_DQ_ESCAPE: [
    'this backslash escape is not known',
    "Double the backslash, or use 'single quotes', which know no escapes.",
  ],
  BAD_INDENT: ['the indentation is wrong', INDENT],
  BAD_PROP_ORDER: ['tags and anchors are not taken', TAGS],
  BAD_SCALAR_START: ['a text cannot begin with this character', QUOTE],
  BLOCK_AS_IMPLICIT_KEY: ['there are two keys on one line, or a text with ": " in it', QUOTE],
  BLOCK_IN_FLOW: ['indented lines cannot stand inside [ ] or { }', BRACKETS],
  DUPLICATE_KEY: ['this key stands here a second time', 'Keep one of the two: the other would silently be lost.'],
  IMPOSSIBLE: ['this cannot be understood', KEYS],
  KEY_OVER_1024_CHARS: ['this key is longer than 1024 characters', 'Check for a missing quote or line break.'],
  MISSING_CHAR: ['a quote, bracket, brace, comma or space is missing', BRACKETS],
  MULTILINE_IMPLICIT_KEY: ['a key must stand on one line', 'Check for a missing colon or quote.'],
  MULTIPLE_ANCHORS: ['YAML anchors (&name) are not taken', WRITE_OUT],
  MULTIPLE_DOCS: ['a second document begins here', 'Remove the line ---: the configuration is one document.'],
  MULTIPLE_TAGS: ['YAML tags (!name) are not taken', TAGS],
  NON_STRING_KEY: ['this key is not a text', KEYS],
  RESOURCE_EXHAUSTION: ['this is nested far too deep', 'Check for brackets that are never closed.'],
  TAB_AS_INDENT: ['tabs cannot indent', INDENT],
  TAG_RESOLVE_FAILED: ['YAML tags (!name) are not taken', TAGS],
  UNEXPECTED_TOKEN: ['this is not expected here', BRACKETS],
  BAD_COLLECTION_TYPE: ['YAML tags (!name) are not taken', TAGS],
};
