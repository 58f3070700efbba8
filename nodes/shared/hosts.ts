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

const PRIVATE_SUFFIXES = [
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
];

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
		const plain =
			url.port === '' && url.username === '' && url.password === '' && url.pathname === '/';
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
	const [head = '', tail = ''] = address.split('::');
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

/**
 * Whether a credential may be sent to this address: https, or plain http to a stand-in on this machine or a private network.
 *
 * @param address what a builder typed as Base URL or Auth URL
 */
export function isSafeBaseUrl(address: string): boolean {
	if (!URL.canParse(address)) return false;
	const { protocol, hostname } = new URL(address);
	return protocol === 'https:' || (protocol === 'http:' && isPrivateAddress(hostname));
}
