import type { IDataObject } from 'n8n-workflow';

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
	/** Where the address stands in the decision, such as `id_verifications[0].front_image`: finds it again after a re-read. */
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

/** Free text of customers, visitors and third parties: an address in there is not Didit's. */
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
 * Addresses are taken only from Didit's media fields, never from text that a customer or visitor can set (`metadata`,
 * `callback`, AML hits, ...), and only http(s) ones. They are presigned and end after about an hour: read the decision
 * again to renew one, and find it by its `path`. The host still has to be checked with {@link isPrivateAddress}.
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
					// Whatever else an answer holds is the visitor's own text.
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
	const type = (contentType ?? '').split(';')[0].trim().toLowerCase();
	const path = media.url.split(/[?#]/)[0];
	const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
	const known = [...EXTENSIONS.values(), 'jpeg', 'tif'];
	const extension = EXTENSIONS.get(type) ?? (known.includes(ending) ? ending : 'bin');
	return `${media.propertyName}.${extension}`;
}

/** IPv4 blocks that are not public: [first address, prefix length]; IANA special-purpose registry, RFC 6890. */
const PRIVATE_IPV4: Array<[string, number]> = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
];

const PRIVATE_SUFFIXES = ['localhost', 'localdomain', 'local', 'internal', 'intranet', 'lan', 'home', 'corp', 'private', 'home.arpa'];

/**
 * Tells whether a host is not on the public internet, so that no request may go there: private, loopback, link-local,
 * carrier-grade NAT, multicast, reserved and documentation addresses, IPv6 that carries an IPv4 address, names without a
 * dot, and names that only exist inside a network. Odd spellings of IPv4 (`0x7f.1`, `2130706433`, `0177.0.0.1`) are
 * read as the URL class reads them. What is not a host at all counts as private: refuse it.
 *
 * No DNS: a public name that resolves to a private address is not found out here.
 *
 * @param hostOrIp host name or IP address, as in `URL.hostname` (IPv6 with or without brackets), without a port
 */
export function isPrivateAddress(hostOrIp: string): boolean {
	const host = normalHost(hostOrIp);
	if (host === null) return true;
	if (host.startsWith('[')) return isPrivateIpv6(host.slice(1, -1));
	if (/^\d+(\.\d+){3}$/.test(host)) return isPrivateIpv4(host);
	return !host.includes('.') || PRIVATE_SUFFIXES.some((suffix) => host.endsWith(`.${suffix}`));
}

/** The host as the URL class spells it (lower case, plain IPv4, compressed IPv6 in brackets), or null if it is none. */
function normalHost(text: string): string | null {
	const isIpv6 = text.includes(':') && /^[0-9a-f:.]+$/i.test(text);
	try {
		const url = new URL(`http://${isIpv6 ? `[${text}]` : text}/`);
		const plain = url.port === '' && url.username === '' && url.password === '' && url.pathname === '/';
		const isHost = plain && url.search === '' && url.hash === '' && !url.hostname.includes('..');
		return isHost ? url.hostname.replace(/\.$/, '') : null;
	} catch {
		return null;
	}
}

function isPrivateIpv4(address: string): boolean {
	const bits = toBits(address.split('.'), 10, 8);
	return PRIVATE_IPV4.some(([first, length]) =>
		bits.startsWith(toBits(first.split('.'), 10, 8).slice(0, length)),
	);
}

/**
 * Public IPv6 is 2000::/3. Out of it again: 2001::/23 (Teredo and other protocol use), 2002::/16 (6to4, carries an IPv4
 * address) and documentation (2001:db8::/32, 3fff::/20). IPv4-mapped and NAT64 addresses lie outside of 2000::/3.
 */
function isPrivateIpv6(address: string): boolean {
	const [head, tail = ''] = address.split('::');
	const headGroups = head === '' ? [] : head.split(':');
	const tailGroups = tail === '' ? [] : tail.split(':');
	const zeros = Array.from({ length: 8 - headGroups.length - tailGroups.length }, () => '0');
	const bits = toBits([...headGroups, ...zeros, ...tailGroups], 16, 16);
	const within = (group: string, next: string, length: number) =>
		bits.startsWith(toBits([group, next], 16, 16).slice(0, length));
	return (
		!within('2000', '0', 3) ||
		within('2001', '0', 23) ||
		within('2001', 'db8', 32) ||
		within('2002', '0', 16) ||
		within('3fff', '0', 20)
	);
}

function toBits(parts: string[], radix: number, width: number): string {
	return parts.map((part) => parseInt(part, radix).toString(2).padStart(width, '0')).join('');
}

function own(source: unknown, key: string): unknown {
	return isObject(source) && Object.prototype.hasOwnProperty.call(source, key) ? source[key] : undefined;
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
