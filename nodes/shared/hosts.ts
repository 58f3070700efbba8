/** A block of addresses: its first one and the length of its prefix in bits. */
type Block = readonly [first: string, length: number];

/** The IPv4 blocks that private networks and this machine use (RFC 1918, RFC 1122). */
const OWN_IPV4: Block[] = [
	['10.0.0.0', 8],
	['127.0.0.0', 8],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
];

/** The IPv4 blocks that are not public: IANA special-purpose registry (RFC 6890), and Azure's own services. */
const NOT_PUBLIC_IPV4: Block[] = [
	...OWN_IPV4,
	['0.0.0.0', 8],
	['100.64.0.0', 10],
	['168.63.129.16', 32],
	['169.254.0.0', 16],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
];

/** Endings of names that no public name server knows: each is reserved, or was never given to anybody. */
const OWN_SUFFIXES = [
	'localhost',
	'localdomain',
	'local',
	'internal',
	'intranet',
	'lan',
	'home',
	'corp',
	'private',
	'home.arpa',
	'svc',
];

/**
 * Public names that lead to this machine or its network: of cloud metadata services, and domains whose names all resolve to this machine.
 */
const INSIDE_NAMES = [
	'metadata.goog',
	'metadata.tencentyun.com',
	'metadata.packet.net',
	'metadata.platformequinix.com',
	'localtest.me',
	'lvh.me',
	'vcap.me',
	'lacolhost.com',
	'localho.st',
];

/** Domains whose names resolve to the address that is written in the name itself, such as `10.0.0.1.nip.io`. */
const CARRIERS = ['nip.io', 'sslip.io', 'xip.io', 'traefik.me'];

/**
 * Tells whether a host is not on the public internet, so that **no request may go there**: private, loopback, link-local, carrier-grade
 * NAT, multicast, reserved and documentation addresses, IPv6 that carries an IPv4 address, names without a dot, names that only exist
 * inside a network, and public names that are known to lead there or that contain a private address (`127.0.0.1.nip.io`). Odd spellings of
 * IPv4 (`0x7f.1`, `2130706433`, `0177.0.0.1`) are read as the URL class reads them. A text that is not a host counts as private.
 *
 * There is no DNS lookup: any other public name that resolves to a private address is not recognized here.
 *
 * @param hostOrIp host name or IP address, as in `URL.hostname` (IPv6 with or without brackets), without a port
 */
export function isPrivateAddress(hostOrIp: string): boolean {
	const host = normalHost(hostOrIp);
	if (host === null) return true;
	if (host.startsWith('[')) return isNotPublicIpv6(host.slice(1, -1));
	if (IPV4.test(host)) return isIn(NOT_PUBLIC_IPV4, host);
	return isOwnName(host) || endsWithAny(host, INSIDE_NAMES) || carriesPrivateAddress(host);
}

/**
 * Tells whether a host is truly this machine or in a private network, so that **a credential may go there unencrypted**:
 * loopback, RFC 1918 and IPv6 unique local addresses, and names that no public name server knows. Narrower than
 * {@link isPrivateAddress}: an address that is merely unusual (NAT64, 6to4, documentation, carrier-grade NAT, link-local)
 * may lead over a foreign network.
 *
 * @param hostOrIp as for {@link isPrivateAddress}
 */
export function isOwnNetwork(hostOrIp: string): boolean {
	const host = normalHost(hostOrIp);
	if (host === null) return false;
	if (host.startsWith('[')) return isOwnIpv6(host.slice(1, -1));
	return IPV4.test(host) ? isIn(OWN_IPV4, host) : isOwnName(host);
}

const IPV4 = /^\d+(\.\d+){3}$/;

/** A name without a dot resolves only inside a network, such as the services of a container network. */
function isOwnName(name: string): boolean {
	return !name.includes('.') || endsWithAny(name, OWN_SUFFIXES);
}

function endsWithAny(name: string, suffixes: string[]): boolean {
	return suffixes.some((suffix) => name === suffix || name.endsWith(`.${suffix}`));
}

/** Whether a name holds a private IPv4 address, with dots or dashes, or may hold one in a form that can't be read here. */
function carriesPrivateAddress(name: string): boolean {
	const parts = name.split(/[.-]/);
	const addresses = parts
		.map((_, index) => parts.slice(index, index + 4))
		.filter((four) => four.length === 4 && four.every(isByte))
		.map((four) => four.map(Number).join('.'));
	if (addresses.length === 0) return endsWithAny(name, CARRIERS);
	return addresses.some((address) => isIn(NOT_PUBLIC_IPV4, address));
}

const isByte = (text: string) => /^\d{1,3}$/.test(text) && Number(text) <= 255;

/** The host as the URL class spells it (lower case, plain IPv4, compressed IPv6 in brackets), or null if it is none. */
function normalHost(text: string): string | null {
	const isIpv6 = text.includes(':') && /^[0-9a-f:.]+$/i.test(text);
	try {
		const url = new URL(`http://${isIpv6 ? `[${text}]` : text}/`);
		const plain =
			url.port === '' && url.username === '' && url.password === '' && url.pathname === '/';
		const isHost = plain && url.search === '' && url.hash === '' && !url.hostname.includes('..');
		return (isHost && url.hostname.replace(/\.$/, '')) || null;
	} catch {
		return null;
	}
}

/** @param address in plain form, as the URL class spells it */
function isIn(blocks: Block[], address: string): boolean {
	const bits = toBits(address.split('.'), 10, 8);
	return blocks.some(([first, length]) =>
		bits.startsWith(toBits(first.split('.'), 10, 8).slice(0, length)),
	);
}

/**
 * Public IPv6 is 2000::/3, except for 2001::/23 (Teredo and other protocol use), 2002::/16 (6to4, carries an IPv4 address) and
 * documentation (2001:db8::/32, 3fff::/20). IPv4-mapped and NAT64 addresses lie outside of 2000::/3.
 */
function isNotPublicIpv6(address: string): boolean {
	const bits = ipv6Bits(address);
	return (
		!isWithin(bits, ['2000'], 3) ||
		isWithin(bits, ['2001', '0'], 23) ||
		isWithin(bits, ['2001', 'db8'], 32) ||
		isWithin(bits, ['2002'], 16) ||
		isWithin(bits, ['3fff', '0'], 20)
	);
}

/** Loopback (::1), unique local (fc00::/7), and those of `OWN_IPV4`, written as IPv6 (::ffff:0:0/96). */
function isOwnIpv6(address: string): boolean {
	const bits = ipv6Bits(address);
	if (isWithin(bits, ['0', '0', '0', '0', '0', 'ffff'], 96)) {
		const bytes = [96, 104, 112, 120].map((start) => parseInt(bits.slice(start, start + 8), 2));
		return isIn(OWN_IPV4, bytes.join('.'));
	}
	return (
		isWithin(bits, ['0', '0', '0', '0', '0', '0', '0', '1'], 128) || isWithin(bits, ['fc00'], 7)
	);
}

/** @param address compressed, as the URL class spells it, without brackets */
function ipv6Bits(address: string): string {
	const [head = '', tail = ''] = address.split('::');
	const headGroups = head === '' ? [] : head.split(':');
	const tailGroups = tail === '' ? [] : tail.split(':');
	const zeros = Array.from({ length: 8 - headGroups.length - tailGroups.length }, () => '0');
	return toBits([...headGroups, ...zeros, ...tailGroups], 16, 16);
}

function isWithin(bits: string, groups: string[], length: number): boolean {
	return bits.startsWith(toBits(groups, 16, 16).slice(0, length));
}

function toBits(parts: string[], radix: number, width: number): string {
	return parts.map((part) => parseInt(part, radix).toString(2).padStart(width, '0')).join('');
}
