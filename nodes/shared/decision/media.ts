import type { IDataObject } from 'n8n-workflow';

import { isObject, own } from '../values';

/**
 * What a builder may choose to download. `portraits`: the photo cut from a document or read from its chip; `faceMedia`:
 * selfies, face match and liveness media; `uploadedFiles`: questionnaire answers and company or other documents that
 * were asked for; `other`: images of similar sessions (other people!) and media that Didit adds later.
 */
export type MediaKind =
	| 'documentImages'
	| 'documentVideos'
	| 'portraits'
	| 'faceMedia'
	| 'proofOfAddress'
	| 'uploadedFiles'
	| 'other';

export interface MediaFile {
	kind: MediaKind;
	/**
	 * Where the address is in the decision, such as `id_verifications[0].front_image`. It finds the file again when the decision is read
	 * again.
	 */
	path: string;
	/** Name for n8n's binary field, unique within the decision: `front_image`, then `front_image_2`. */
	propertyName: string;
	url: string;
}

/** Didit's media fields (docs.didit.me, Retrieve Session) and what they hold, unless their block says otherwise. */
const FIELD_KINDS = new Map<string, MediaKind>([
	['front_image', 'documentImages'],
	['back_image', 'documentImages'],
	['full_front_image', 'documentImages'],
	['full_back_image', 'documentImages'],
	['front_image_camera_front', 'documentImages'],
	['back_image_camera_front', 'documentImages'],
	['front_image_url', 'documentImages'],
	['signature_image', 'documentImages'],
	['extra_images', 'documentImages'],
	['extra_files', 'documentImages'],
	['front_video', 'documentVideos'],
	['back_video', 'documentVideos'],
	['portrait_image', 'portraits'],
	['portrait_image_url', 'portraits'],
	['registry_portrait', 'portraits'],
	['reference_image', 'faceMedia'],
	['source_image', 'faceMedia'],
	['target_image', 'faceMedia'],
	['video_url', 'faceMedia'],
	['document_file', 'uploadedFiles'],
	['file_url', 'uploadedFiles'],
	['match_image_url', 'other'],
]);

/** Blocks whose files are all of one kind, whatever the field is called. `matches` holds other people's images. */
const BLOCK_KINDS = new Map<string, MediaKind>([
	['poa', 'proofOfAddress'],
	['poa_verifications', 'proofOfAddress'],
	['document_verifications', 'uploadedFiles'],
	['document_ai_documents', 'uploadedFiles'],
	['questionnaire_responses', 'uploadedFiles'],
	['matches', 'other'],
]);

/** Free text of customers, visitors and third parties: an address in it is not Didit's. */
const NOT_DIDITS = new Set([
	'additional_data',
	'callback',
	'contact_details',
	'expected_details',
	'extra_fields',
	'hits',
	'linked_records',
	'metadata',
	'raw_results',
	'reviews',
	'screened_data',
	'source_data',
	'vendor_data',
]);

/** The deepest known file is eight levels down; the bound keeps hostile nesting harmless. */
const MAX_DEPTH = 16;

/**
 * Lists the media files of a decision, v1 (`kyc`, `face`), v2 and v3 alike, in the decision's own order.
 *
 * Addresses are taken only from Didit's media fields, never from text that a customer or visitor can set (`metadata`, `callback`, AML hits,
 * ...), and only http(s) ones. They are presigned and expire after about an hour: read the decision again to renew one, and find it by its
 * `path`. The host still has to be checked with `isPrivateAddress`.
 *
 * @param decision a decision as Didit's API or webhook gives it; docs.didit.me, Retrieve Session, media URLs
 * @returns one entry for each file. Never throws.
 */
export function listMedia(decision: IDataObject): MediaFile[] {
	const files: MediaFile[] = [];
	const counts = new Map<string, number>();

	const add = (url: unknown, field: string, path: string, kind: MediaKind) => {
		if (typeof url !== 'string' || !/^https?:\/\//i.test(url)) return;
		const base = field.replace(/_url$|s$/, '');
		const count = (counts.get(base) ?? 0) + 1;
		counts.set(base, count);
		files.push({ kind, path, propertyName: count === 1 ? base : `${base}_${count}`, url });
	};

	/** A media field holds an address or a list of them; the entries of a list may be objects with a `file_url`. */
	const addField = (value: unknown, field: string, path: string, kind: MediaKind) => {
		if (!Array.isArray(value)) return add(value, field, path, kind);
		value.forEach((entry: unknown, index) => {
			add(entry, field, `${path}[${index}]`, kind);
			if (isObject(entry)) add(own(entry, 'file_url'), field, `${path}[${index}].file_url`, kind);
		});
	};

	const walk = (value: unknown, path: string, blockKind: MediaKind | undefined, depth: number) => {
		if (depth > MAX_DEPTH) return;
		if (Array.isArray(value)) {
			value.forEach((entry, index) => walk(entry, `${path}[${index}]`, blockKind, depth + 1));
		} else if (isObject(value)) {
			for (const [key, child] of Object.entries(value)) {
				const childPath = path === '' ? key : `${path}.${key}`;
				const fieldKind = FIELD_KINDS.get(key);
				if (fieldKind) {
					addField(child, key, childPath, blockKind ?? fieldKind);
				} else if (key === 'answer') {
					// Everything else in an answer is the visitor's own text.
					addField(own(child, 'files'), 'files', `${childPath}.files`, 'uploadedFiles');
				} else if (!NOT_DIDITS.has(key)) {
					walk(child, childPath, BLOCK_KINDS.get(key) ?? blockKind, depth + 1);
				}
			}
		}
	};

	walk(decision, '', undefined, 0);
	return files;
}

const EXTENSIONS = new Map([
	['image/jpeg', 'jpg'],
	['image/jpg', 'jpg'],
	['image/png', 'png'],
	['image/webp', 'webp'],
	['image/tiff', 'tiff'],
	['image/heic', 'heic'],
	['application/pdf', 'pdf'],
	['video/mp4', 'mp4'],
	['video/webm', 'webm'],
	['video/quicktime', 'mov'],
]);

/**
 * A file name that is safe on every system: the binary field's name and an extension from the content type or, when
 * that says nothing (S3 often answers `application/octet-stream`), from the address, else `bin`. No text from the
 * address gets in, apart from a known media extension.
 *
 * @param media an entry of {@link listMedia}
 * @param contentType the media host's Content-Type header, with or without parameters
 */
export function fileNameOf(media: MediaFile, contentType: string | undefined): string {
	const type = mediaTypeOf(contentType);
	const path = media.url.replace(/[?#].*$/s, '');
	const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
	const known = [...EXTENSIONS.values(), 'jpeg', 'tif'];
	const extension = EXTENSIONS.get(type) ?? (known.includes(ending) ? ending : 'bin');
	return `${media.propertyName}.${extension}`;
}

/** A Content-Type header without its parameters, in lower case; '' when there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
	return (contentType ?? '').replace(/;.*$/s, '').trim().toLowerCase();
}
