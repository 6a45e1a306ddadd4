// Freezes plain data all the way down, so that nobody changes the configuration under another's hands. Objects of a class
// and secrets are left as they are: their makers decide what may change in them.

export function deepFreeze<Value>(value: Value): Value {
  if (!isPlain(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
