// Reads a page of figures as a monitoring system does: samples by name and labels.
// https://prometheus.io/docs/instrumenting/exposition_formats

/** `hallpass_live_grants{status="active",target="prod-db"}` → 2; names without labels stand alone. */
export function samplesOf(page: string): ReadonlyMap<string, number> {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const found = /^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{.*\})?) (\S+)$/.exec(line);
      if (!found?.[1] || !found[2]) throw new Error(`not a sample: ${line}`);
      return [found[1], found[2] === '+Inf' ? Number.POSITIVE_INFINITY : Number(found[2])];
    }),
  );
}

/** Names of families with their HELP. */
export function familiesOf(page: string): ReadonlyMap<string, string> {
  return new Map([...page.matchAll(/^# HELP (\S+) (.+)$/gm)].map(([, name = '', help = '']) => [name, help]));
}
