// Takes the bytes of a file at the address that files.getUploadURLExternal gave out: raw or multipart/form-data
// (which is what @slack/web-api sends). The size must be the announced one.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendText } from './http-io.ts';
import { UPLOAD_BYTES } from './limits.ts';
import type { State } from './state.ts';

const MULTIPART_OVERHEAD_BYTES = 4_096;

/** `path` is `<file id>/<secret>`. */
export async function serveUpload(
  state: State,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
): Promise<void> {
  const [id = '', secret] = path.split('/');
  const file = state.files.get(id);
  if (!file || file.secret !== secret) return sendText(res, 404, 'not found');
  const body = await readBody(req, UPLOAD_BYTES + MULTIPART_OVERHEAD_BYTES);
  const bytes = await fileBytes(req.headers['content-type'] ?? '', body);
  if (bytes?.length !== file.length) return sendText(res, 400, 'the length is not the announced one');
  state.files.set(id, { ...file, bytes });
  sendText(res, 200, `OK - ${bytes.length}`);
}

async function fileBytes(contentType: string, body: Buffer): Promise<Buffer | undefined> {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  for (const [, part] of form) if (typeof part !== 'string') return Buffer.from(await part.arrayBuffer());
  return undefined;
}
