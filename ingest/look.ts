import { type Refusal, refusal } from '../shared/model/reason.ts';
import type { Parsers } from './parser-thread.ts';
import type { PictureMetadata } from './picture-metadata.ts';

/** What a picture file turned out to be: exactly one of the two is there. */
export type Looked = { readonly metadata: PictureMetadata; readonly refusal: null } | { readonly metadata: null; readonly refusal: Refusal };

/** The first look at a file that calls itself a picture: its bytes decide, and its metadata is read in the parsers' thread. */
export async function lookAtPicture(parsers: Parsers, path: string, bytes: Uint8Array): Promise<Looked> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return { metadata: null, refusal: refusal('not_a_picture', { file: path, type: 'no JPEG' }) };
  return { metadata: await parsers.picture(bytes), refusal: null };
}
