import type {
	IBinaryData,
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeProperties,
} from 'n8n-workflow';

import { mapAtOnce } from '../atOnce';
import { isPrivateAddress } from '../hosts';
import { streamLike, type Stream } from '../streams';
import { fileNameOf, listMedia, mediaTypeOf, type MediaFile } from './media';

interface MediaResponse {
	statusCode: number;
	headers: Record<string, string | undefined>;
	body: Stream;
}

const MAX_REDIRECTS = 3;
/** Milliseconds for one file from start to end. */
const FILE_TIMEOUT = 60_000;
const DEFAULT_MAX_MB = 50;

/** The choice of files, for a collection of options. */
export const downloadOptions: INodeProperties[] = [
	{
		displayName: 'Download Files',
		name: 'downloadFiles',
		type: 'multiOptions',
		default: [],
		description:
			"Which files of the decision to add to the item. Didit's links to them expire after about an hour. A file that can't be downloaded is listed under files with an error, and the item is output without it.",
		options: [
			{ name: 'Document Images', value: 'documentImages' },
			{ name: 'Document Videos', value: 'documentVideos' },
			{ name: 'Face and Liveness Media', value: 'faceMedia' },
			{
				name: 'Images of Similar Sessions',
				value: 'other',
				description: 'These show other people',
			},
			{ name: 'Portraits', value: 'portraits' },
			{ name: 'Proof of Address', value: 'proofOfAddress' },
			{ name: 'Uploaded Files', value: 'uploadedFiles' },
		],
	},
	{
		displayName: 'Max File Size (MB)',
		name: 'maxFileSize',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: DEFAULT_MAX_MB,
		description: 'A larger file is not downloaded, but listed under files with an error',
	},
];

export interface Downloads {
	binary: IBinaryKeyData;
	/** What became of each file: its `path` in the decision and the binary field, or an `error`. */
	files: IDataObject[];
}

export interface DownloadSettings {
	/** Values of `downloadFiles`. */
	kinds: string[];
	maxBytes: number;
	/** True where Didit's API itself is an emulator on this machine or a private network: then its media may be there too. */
	allowPrivate: boolean;
	/** Reads the decision again, so that its links are new. */
	renew: () => Promise<IDataObject>;
}

/** Reads {@link downloadOptions} out of a collection, or undefined when nothing is chosen. */
export function readDownloadOptions(
	options: IDataObject,
): Pick<DownloadSettings, 'kinds' | 'maxBytes'> | undefined {
	const kinds = (options.downloadFiles ?? []) as string[];
	const megabytes = Number(options.maxFileSize ?? DEFAULT_MAX_MB);
	const maxBytes = (megabytes > 0 ? megabytes : DEFAULT_MAX_MB) * 1024 * 1024;
	return kinds.length === 0 ? undefined : { kinds, maxBytes };
}

/** How many files of a decision are downloaded at the same time. Each is a stream, so they need little memory. */
const FILES_AT_ONCE = 4;

/** What became of one file: its value for n8n, or why there is none. */
type Outcome = { media: MediaFile } & ({ data: IBinaryData } | { error: string });

/**
 * Downloads the chosen files of a decision as streams, several at once.
 *
 * Addresses come only from the decision's media fields (see `listMedia`). Neither key nor token is sent: the links are presigned. Redirects
 * are followed to public hosts only (see `assertPublic`). Expired links are all renewed once, by reading the decision again
 * (docs.didit.me, Retrieve Session).
 *
 * @returns in the decision's order; never rejects because of a file: one that can't be downloaded is listed in `files` with an `error`
 */
export async function downloadFiles(
	context: IExecuteFunctions,
	decision: IDataObject,
	settings: DownloadSettings,
): Promise<Downloads> {
	let fresh: Promise<IDataObject> | undefined;
	const renewed = async ({ path, propertyName }: MediaFile): Promise<MediaFile> => {
		fresh ??= settings.renew();
		const file = listMedia(await fresh).find((other) => other.path === path);
		if (file === undefined) throw new MediaFault('It is no longer part of the decision.');
		return { ...file, propertyName };
	};
	const download = async (media: MediaFile): Promise<Outcome> => {
		try {
			const data = await storeFile(context, media, settings).catch(async (error: unknown) => {
				if (!(error instanceof MediaFault) || !error.mayHaveEnded) throw error;
				return await storeFile(context, await renewed(media), settings);
			});
			return { media, data };
		} catch (error) {
			const message =
				error instanceof MediaFault ? error.message : 'The connection to the media host was lost.';
			context.logger.debug(`Didit: a file could not be downloaded: ${message}`);
			return { media, error: message };
		}
	};
	const chosen = listMedia(decision).filter(({ kind }) => settings.kinds.includes(kind));
	const result: Downloads = { binary: {}, files: [] };
	for (const outcome of await mapAtOnce(chosen, FILES_AT_ONCE, download)) {
		const { path, propertyName: property } = outcome.media;
		if ('data' in outcome) {
			result.binary[property] = outcome.data;
			result.files.push({ path, property });
		} else {
			result.files.push({ path, property, error: outcome.error });
		}
	}
	return result;
}

/** Why a file could not be downloaded, in words for the builder. */
class MediaFault extends Error {
	constructor(
		message: string,
		/** Whether the link may just be too old. */
		readonly mayHaveEnded = false,
	) {
		super(message);
	}
}

async function storeFile(context: IExecuteFunctions, media: MediaFile, settings: DownloadSettings) {
	const deadline = AbortSignal.timeout(FILE_TIMEOUT);
	const { body, headers } = await open(context, media.url, settings, deadline).catch(
		(error: unknown) => {
			if (error instanceof MediaFault) throw error;
			throw new MediaFault(deadline.aborted ? TOO_SLOW : 'The media host could not be reached.');
		},
	);
	let fault: MediaFault | undefined;
	const stop = (message: string) => {
		fault ??= new MediaFault(message);
		body.destroy(fault);
	};
	const tooLarge = `It is larger than ${settings.maxBytes / 1024 / 1024} MB, the Max File Size.`;
	const type = mediaTypeOf(headers['content-type']);
	if (type === 'text/html') stop('The media host answered with a web page in place of the file.');
	if (Number(headers['content-length'] ?? 0) > settings.maxBytes) stop(tooLarge);
	if (fault !== undefined) throw fault;

	deadline.addEventListener('abort', () => stop(TOO_SLOW));
	const limited = async function* () {
		let size = 0;
		for await (const chunk of body) {
			size += (chunk as Buffer).length;
			if (size > settings.maxBytes) stop(tooLarge);
			if (fault !== undefined) throw fault;
			yield chunk as Buffer;
		}
	};
	try {
		return await context.helpers.prepareBinaryData(
			// Listening to the body itself would start it before n8n has opened the file to write it to, and its beginning would be lost.
			streamLike(body, limited()),
			fileNameOf(media, type),
			type || undefined,
		);
	} catch (error) {
		throw fault ?? error;
	}
}

const TOO_SLOW = `The media host did not send it within ${FILE_TIMEOUT / 1000} seconds.`;

const NOT_PUBLIC = 'Its address is not on the public internet, so it was not requested.';
const LEADS_INSIDE =
	'Its host name leads to an address that is not on the public internet, so it was not requested. To allow it, the administrator of n8n adds the host to N8N_SSRF_ALLOWED_HOSTNAMES.';

/**
 * Refuses a host that is not public: by its name and, where n8n has a check for nodes (2.x), by the addresses that the name resolves to.
 * That check follows n8n's own list of allowed hosts and addresses, whether n8n's protection (N8N_SSRF_PROTECTION_ENABLED) is on or off.
 * Only when it is on does n8n check the address once more while it connects.
 */
async function assertPublic({ helpers }: IExecuteFunctions, url: string): Promise<void> {
	if (isPrivateAddress(new URL(url).hostname)) throw new MediaFault(NOT_PUBLIC);
	const filter = helpers.getSecureEgressFilter?.('enforced');
	// A name that can't be resolved here may still be known to a proxy. Whether it is, the request itself shows.
	const verdict = await filter?.validateUrl(url).catch(() => undefined);
	if (verdict?.ok === false) throw new MediaFault(LEADS_INSIDE);
}

/** Opens the address, following redirects by hand so that each one is checked. */
async function open(
	context: IExecuteFunctions,
	address: string,
	{ allowPrivate }: DownloadSettings,
	deadline: AbortSignal,
): Promise<MediaResponse> {
	let url = address;
	for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
		if (!allowPrivate) await assertPublic(context, url);
		const response = (await context.helpers.httpRequest({
			url,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: FILE_TIMEOUT,
			abortSignal: deadline,
		})) as MediaResponse;
		const { statusCode, headers, body } = response;
		if (statusCode === 200) return response;
		body.destroy();
		if (statusCode < 300 || statusCode >= 400) {
			throw new MediaFault(
				`The media host answered ${statusCode}.`,
				statusCode >= 400 && statusCode < 500,
			);
		}
		const next = headers.location ?? '';
		if (!URL.canParse(next, url) || !/^https?:$/.test(new URL(next, url).protocol)) break;
		url = new URL(next, url).href;
	}
	throw new MediaFault('The media host redirects without end, or to no web address.');
}
