import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import {
	addressFault,
	assertListed,
	assertUsable,
	fitToCarry,
	originOf,
} from '../../nodes/shared/api/address';

const DIDIT = 'https://verification.didit.me';

describe('a Base URL', () => {
	test.each([
		DIDIT,
		`${DIDIT}/`,
		`${DIDIT}//`,
		` ${DIDIT} \n`,
		'https://didit.staging.example.com:8443',
		'http://localhost:3999',
		'http://127.0.0.1:3999/',
		'http://didit-emulator:3999',
		'http://[::1]:3999',
		'http://10.1.2.3',
	])('%p can be used', (value) => {
		expect(addressFault(value, DIDIT)).toBeUndefined();
	});

	test.each<[unknown, RegExp]>([
		['', /https address/],
		[undefined, /https address/],
		[null, /https address/],
		[42, /https address/],
		[['https://verification.didit.me'], /https address/],
		[{}, /https address/],
		['verification.didit.me', /https address/],
		['ftp://verification.didit.me', /https address/],
		['ftp://localhost', /https address/],
		['javascript:alert(1)', /https address/],
		['file:///etc/passwd', /https address/],
		['http://verification.didit.me', /https address/],
		['http://8.8.8.8', /https address/],
		['http://[::ffff:8.8.8.8]', /https address/],
		['http://[64:ff9b::808:808]', /https address/],
		['http://[2002:808:808::1]', /https address/],
		['http://203.0.113.7', /https address/],
		['http://127.0.0.1.nip.io', /https address/],
		['http://localhost@evil.example.com', /https address/],
		[`${DIDIT}/v3`, /without a path/],
		[`${DIDIT}/v3/`, /without a path/],
		[`${DIDIT}?x=1`, /without a path/],
		[`${DIDIT}#x`, /without a path/],
		['https://user:word@verification.didit.me', /without a user name/],
		['https://user@verification.didit.me', /without a user name/],
		['https://:word@verification.didit.me', /without a user name/],
	])('%p can not, and it says why', (value, why) => {
		expect(addressFault(value, DIDIT)).toMatch(why);
		expect(addressFault(value, DIDIT)).toContain(`such as ${DIDIT}`);
	});

	test('is used without spaces and slashes around it', () => {
		expect(originOf(` ${DIDIT}// `)).toBe(DIDIT);
		expect(originOf(undefined)).toBe('');
	});

	test('that can not be used is named with an address that can', () => {
		expect(() => assertUsable('Base URL', 'x')).toThrow(
			/^'Base URL' can't be used\. .* such as https:\/\/verification\.didit\.me\. /,
		);
		expect(() => assertUsable('Auth URL', 'x')).toThrow(
			/^'Auth URL' can't be used\. .* such as https:\/\/apx\.didit\.me\. /,
		);
		expect(() => assertUsable('Auth URL', DIDIT)).not.toThrow();
	});
});

describe('a request with a credential', () => {
	const didit: ICredentialDataDecryptedObject = {
		baseUrl: DIDIT,
		allowedHttpRequestDomains: 'domains',
		allowedDomains: 'verification.didit.me, *.staging.example.com',
	};
	const verdict = (
		request: { baseURL?: unknown; url?: unknown; uri?: unknown },
		credentials: ICredentialDataDecryptedObject = didit,
	) => {
		try {
			fitToCarry(credentials, request as IHttpRequestOptions);
			return 'sent';
		} catch (error) {
			return (error as Error).message;
		}
	};

	test.each([
		[{ baseURL: DIDIT, url: '/v3/sessions/' }],
		[{ baseURL: ` ${DIDIT}/ `, url: '/v3/sessions/?limit=1' }],
		[{ url: `${DIDIT}/v3/sessions/` }],
		[{ uri: `${DIDIT}/v3/sessions/` }],
		[{ uri: 'https://VERIFICATION.didit.me./v3/' }],
		[{ baseURL: '', url: `${DIDIT}/v3/sessions/` }],
		[{ uri: 'https://api.staging.example.com/v3/' }],
	])('%j goes to an allowed host', (request) => {
		expect(verdict(request)).toBe('sent');
	});

	test.each([
		['another host', { uri: 'https://evil.example.com/' }],
		['another host as absolute URL', { baseURL: DIDIT, url: 'https://evil.example.com/' }],
		['another host without a scheme', { baseURL: DIDIT, url: '//evil.example.com/' }],
		['with a backslash', { baseURL: DIDIT, url: '/\\evil.example.com/' }],
		['with a tab', { baseURL: DIDIT, url: '/\t/evil.example.com/' }],
		['another base', { baseURL: 'https://evil.example.com', url: '/v3/' }],
		['a user name that looks like it', { uri: `${DIDIT}@evil.example.com/` }],
		['a longer name', { uri: 'https://verification.didit.me.evil.example.com/' }],
		['another port', { uri: 'https://evil.example.com:8443/' }],
		['the parent of a wildcard', { uri: 'https://staging.example.com.evil.example.com/' }],
	])('%s is refused, by name of the host', (_, request) => {
		expect(verdict(request)).toMatch(
			/^This credential may not be sent to [\w.:]*evil\.example\.com[\w.:]*\. .*Allowed Domains/,
		);
	});

	test('a wildcard does not stand for the name itself', () => {
		expect(verdict({ uri: 'https://staging.example.com/' })).toMatch(/may not be sent to/);
	});

	test.each([
		['to Didit itself', { uri: 'http://verification.didit.me/v3/' }, didit],
		[
			'to whatever is allowed',
			{ uri: 'http://api.example.com/' },
			{ ...didit, allowedHttpRequestDomains: 'all' },
		],
		[
			'to an address that carries a public one',
			{ uri: 'http://[::ffff:8.8.8.8]/' },
			{ ...didit, allowedHttpRequestDomains: 'all' },
		],
	])('plain http %s is refused', (_, request, credentials) => {
		expect(verdict(request, credentials)).toMatch(/^Plain http to .* unencrypted\. Use https\.$/);
	});

	test.each([[{ uri: 'not a url' }], [{ url: '/v3/sessions/' }], [{ uri: 42 }]])(
		'%j is no address',
		(request) => {
			expect(verdict(request)).toBe('The address of the request is not a URL.');
		},
	);

	test('a Base URL that can not be used is refused before anything else', () => {
		expect(verdict({ url: DIDIT }, { ...didit, baseUrl: 'http://8.8.8.8' })).toMatch(
			/^'Base URL' can't be used\. It has to be an https address/,
		);
	});

	test.each(['domains', 'none', '', 'nonsense'])(
		'the Base URL itself is always allowed: %p',
		(allowedHttpRequestDomains) => {
			const credentials = { baseUrl: 'http://127.0.0.1:3999', allowedDomains: '' };
			expect(
				verdict(
					{ baseURL: 'http://127.0.0.1:3999', url: '/v3/' },
					{ ...credentials, allowedHttpRequestDomains },
				),
			).toBe('sent');
			expect(
				verdict({ uri: 'https://api.example.com/' }, { ...credentials, allowedHttpRequestDomains }),
			).toMatch(/may not be sent to api\.example\.com/);
		},
	);

	test('a list of domains counts only where domains are chosen', () => {
		expect(
			verdict(
				{ uri: 'https://api.staging.example.com/' },
				{ ...didit, allowedHttpRequestDomains: 'none' },
			),
		).toMatch(/may not be sent to api\.staging\.example\.com/);
	});

	test('with All, any host is allowed', () => {
		expect(
			verdict(
				{ uri: 'https://api.example.com/' },
				{ ...didit, allowedHttpRequestDomains: 'all', allowedDomains: '' },
			),
		).toBe('sent');
	});

	test('follows no redirect, in either form of options', () => {
		const request = { url: DIDIT, followRedirect: true, followAllRedirects: true };
		fitToCarry(didit, request);
		expect(request).toEqual({
			url: DIDIT,
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
		});
	});
});

describe("a request of the credential's own", () => {
	const listed = (allowedHttpRequestDomains: string, allowedDomains: string) => () =>
		assertListed({ allowedHttpRequestDomains, allowedDomains }, 'Auth URL', 'https://apx.didit.me');

	test.each([
		['domains', 'verification.didit.me,apx.didit.me'],
		['domains', ' APX.didit.me. '],
		['domains', '*.didit.me'],
		['all', ''],
		['none', ''],
	])('is made with %s and %p', (mode, domains) => {
		expect(listed(mode, domains)).not.toThrow();
	});

	test.each(['', 'verification.didit.me', '*', '*.', 'didit.me', '*.apx.didit.me', ','])(
		'is not made with domains and %p, and it says what to change',
		(domains) => {
			expect(listed('domains', domains)).toThrow(
				/^The Auth URL leads to apx\.didit\.me, which is not among the Allowed Domains of this credential\. Add it there, or set the Auth URL back to https:\/\/apx\.didit\.me\.$/,
			);
		},
	);

	test('the Base URL is named with its own address', () => {
		const credentials = { allowedHttpRequestDomains: 'domains', allowedDomains: '' };
		expect(() => assertListed(credentials, 'Base URL', DIDIT)).toThrow(
			/^The Base URL leads to verification\.didit\.me, .* set the Base URL back to https:\/\/verification\.didit\.me\.$/,
		);
	});
});
