// files.getUploadURLExternal and files.completeUploadExternal: address, bytes (uploads.ts), sharing.
import { accept, invalidArguments, type Method, missing, type Reply, refuse } from './api-reply.ts';
import { addFile, botIsIn, byBot, channelForBot, messageAt, post } from './conversations.ts';
import { isFields, listOf, textOf, wholeOf } from './fields.ts';
import { UPLOAD_BYTES } from './limits.ts';
import { fileObject } from './message-content.ts';
import type { StoredFile } from './records.ts';
import type { State } from './state.ts';

export const getUploadUrl: Method = (state, args) => {
  const [name, length] = [textOf(args, 'filename'), wholeOf(args, 'length')];
  if (name === undefined) return missing('filename');
  if (length === undefined) return missing('length');
  if (length < 1) return invalidArguments('must be greater than 0 [json-pointer:/length]');
  if (length > UPLOAD_BYTES) return refuse('file_upload_size_restricted');
  const file = addFile(state, name, length);
  return accept({ upload_url: `${state.base}/upload/${file.id}/${file.secret}`, file_id: file.id });
};

/** Without `channel_id` the files stay private to the app. */
export const completeUpload: Method = (state, args) => {
  const wanted = (listOf(args, 'files') ?? []).filter(isFields);
  if (wanted.length === 0) return missing('files');
  const files = wanted.map((one) => withTitle(state, textOf(one, 'id'), textOf(one, 'title')));
  if (!files.every((file) => file?.bytes !== undefined)) return refuse('file_not_found');
  const known = files.filter((file) => file !== undefined);
  const refusal = share(state, known, textOf(args, 'channel_id'), args);
  if (refusal) return refusal;
  return accept({ files: known.flatMap(({ id }) => fileObject(state, id)) });
};

function withTitle(state: State, id: string | undefined, title: string | undefined): StoredFile | undefined {
  const file = state.files.get(id ?? '');
  return file && { ...file, title: title ?? file.title };
}

function share(
  state: State,
  files: readonly StoredFile[],
  to: string | undefined,
  args: Parameters<Method>[1],
): Reply | undefined {
  if (to === undefined) return keep(state, files);
  const channel = channelForBot(state, to);
  if (!channel) return refuse('channel_not_found');
  if (!botIsIn(state, channel)) return refuse('not_in_channel');
  if (channel.is_archived) return refuse('is_archived');
  const thread = textOf(args, 'thread_ts');
  if (thread !== undefined && !messageAt(state, to, thread)) return refuse('thread_not_found');
  keep(
    state,
    files.map((file) => ({ ...file, channel: to })),
  );
  post(state, to, {
    ...byBot(state),
    text: textOf(args, 'initial_comment') ?? '',
    files: files.map(({ id }) => id),
    ...(thread !== undefined && { thread_ts: thread }),
  });
  return undefined;
}

function keep(state: State, files: readonly StoredFile[]): undefined {
  for (const file of files) state.files.set(file.id, file);
  return undefined;
}
