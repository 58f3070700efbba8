import { isOwnNetwork, isPrivateAddress } from '../../nodes/shared/hosts';

describe('isPrivateAddress', () => {
	it.each([
		'media.example.com',
		'MEDIA.Example.COM',
		'example.com.',
		'bücher.example',
		'internal.example.com',
		'localhost.example.com',
		'10.example.com',
		'8.8.8.8',
		'9.255.255.255',
		'11.0.0.0',
		'100.63.255.255',
		'100.128.0.0',
		'126.255.255.255',
		'128.0.0.0',
		'169.253.0.1',
		'172.15.255.255',
		'172.32.0.0',
		'192.167.255.255',
		'192.169.0.0',
		'198.17.255.255',
		'198.20.0.0',
		'223.255.255.255',
		'0x08080808',
		'2606:4700:4700::1111',
		'[2606:4700:4700::1111]',
		'2a00:1450:4001:81b::200e',
		'2001:200::1',
		'2003::1',
		'168.63.129.15',
		'168.63.129.17',
		// names that carry a public address
		'8.8.8.8.nip.io',
		'n8n-abc.65.21.1.2.sslip.io',
		'ec2-3-120-1-2.compute.example.com',
		// numbers that are no address
		'1-2-3.example.com',
		'cdn-300-10-0-1.example.com',
		'nip.io.example.com',
		'notnip.io',
	])('lets %p through', (host) => {
		expect(isPrivateAddress(host)).toBe(false);
	});

	it.each([
		// names
		'localhost',
		'LOCALHOST',
		'localhost.',
		'localhost..',
		'app.localhost',
		'printer.local',
		'printer.LOCAL.',
		'metadata.google.internal',
		'nas.lan',
		'router.home.arpa',
		'n8n',
		'postgres',
		'payments.prod.svc',
		'payments.prod.svc.cluster.local',
		'metadata.goog',
		'metadata.tencentyun.com',
		'anything.localtest.me',
		'lvh.me',
		// names that carry a private address, or one in a form that is not read
		'127.0.0.1.nip.io',
		'app.10.0.0.1.nip.io',
		'10.8.8.8.8.nip.io',
		'app-192-168-1-250.sslip.io',
		'192-168-1-10.abcdef.plex.example',
		'169.254.169.254.example.com',
		'7f000001.nip.io',
		'--1.sslip.io',
		'nip.io',
		'www.traefik.me',
		// IPv4
		'0.0.0.0',
		'0.1.2.3',
		'10.0.0.1',
		'10.255.255.255',
		'100.64.0.0',
		'100.127.255.255',
		'127.0.0.1',
		'127.255.255.254',
		'169.254.169.254',
		'172.16.0.1',
		'172.31.255.255',
		'168.63.129.16',
		'192.0.0.8',
		'192.168.0.1',
		'198.18.0.1',
		'198.19.255.255',
		'224.0.0.1',
		'239.255.255.255',
		'240.0.0.1',
		'255.255.255.255',
		// IPv4 in other spellings
		'2130706433',
		'0x7f000001',
		'0x7f.1',
		'0177.0.0.1',
		'017700000001',
		'127.1',
		'10.1',
		'127.0.0.1.',
		'１２７.０.０.１',
		'%31%32%37.0.0.1',
		'127。0。0。1',
		// IPv6
		'::',
		'::1',
		'[::1]',
		'0:0:0:0:0:0:0:1',
		'::ffff:127.0.0.1',
		'::ffff:7f00:1',
		'[::ffff:8.8.8.8]',
		'::10.0.0.1',
		'64:ff9b::10.0.0.1',
		'2002:7f00:1::',
		'2001::1',
		'2001:db8::1',
		'fc00::1',
		'fd12:3456::1',
		'fe80::1',
		'fe80::1%eth0',
		'fec0::1',
		'ff02::1',
		// no host at all
		'',
		' ',
		'.',
		'a b.example.com',
		'user@example.com',
		'example.com/path',
		'example.com?x',
		'example.com#x',
		'example.com\\x',
		'example.com:8080',
		'http://example.com',
		'1.2.3.4.5',
		'256.1.1.1',
		':::',
	])('refuses %p', (host) => {
		expect(isPrivateAddress(host)).toBe(true);
	});

	it('decides about very long text at once', () => {
		const before = process.cpuUsage();
		expect(isPrivateAddress(`${':'.repeat(200_000)}x`)).toBe(true);
		expect(isPrivateAddress(`${'.'.repeat(200_000)}x`)).toBe(true);
		expect(isPrivateAddress('10.'.repeat(100_000) + 'x')).toBe(true);
		// Microseconds of this process, whatever else the machine does; quadratic work takes minutes.
		expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
	});
});

describe('isOwnNetwork', () => {
	it.each([
		'localhost',
		'LOCALHOST.',
		'app.localhost',
		'didit-emulator',
		'printer.local',
		'emulator.prod.svc.cluster.local',
		'staging.corp',
		'127.0.0.1',
		'127.255.255.254',
		'0x7f.1',
		'10.0.0.1',
		'172.16.0.1',
		'172.31.255.255',
		'192.168.0.1',
		'::1',
		'[::1]',
		'fc00::1',
		'fd12:3456::1',
		'::ffff:10.0.0.1',
		'[::ffff:7f00:1]',
	])('lets a credential go to %p unencrypted', (host) => {
		expect(isOwnNetwork(host)).toBe(true);
	});

	it.each([
		'verification.didit.me',
		'8.8.8.8',
		'172.15.255.255',
		'172.32.0.0',
		'192.167.255.255',
		'localtest.me',
		'127.0.0.1.nip.io',
		'local.example.com',
		// carries a public address
		'::ffff:8.8.8.8',
		'[::ffff:8.8.8.8]',
		// NAT64, 6to4, Teredo, IPv4-compatible
		'64:ff9b::8.8.8.8',
		'64:ff9b::10.0.0.1',
		'2002:808:808::',
		'2002:7f00:1::',
		'2001::1',
		'::8.8.8.8',
		'::10.0.0.1',
		// documentation, benchmarks, carrier-grade NAT, link-local, multicast, reserved
		'192.0.2.1',
		'198.51.100.1',
		'203.0.113.1',
		'198.18.0.1',
		'2001:db8::1',
		'100.64.0.1',
		'169.254.169.254',
		'168.63.129.16',
		'fe80::1',
		'fec0::1',
		'ff02::1',
		'224.0.0.1',
		'240.0.0.1',
		'0.0.0.0',
		'::',
		// no host at all
		'',
		'.',
		' ',
		'localhost:8080',
		'user@localhost',
		'http://localhost',
	])('not to %p', (host) => {
		expect(isOwnNetwork(host)).toBe(false);
	});
});
