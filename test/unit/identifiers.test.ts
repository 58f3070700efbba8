import fc from 'fast-check';

import { parseSessionId } from '../../nodes/shared/identifiers';

const ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const OTHER = '9f9b1234-aaaa-4bbb-8ccc-1234567890ab';

test.each([
	[ID],
	[ID.toUpperCase()],
	[`\t ${ID} \n`],
	[`https://business.didit.me/sessions/${ID}`],
	[`https://business.didit.me/${OTHER}/session/${ID}/`],
	[`HTTPS://BUSINESS.DIDIT.ME/${OTHER}/VERIFICATIONS/${ID.toUpperCase()}?tab=${OTHER}`],
	[`https://example.com/done?verificationSessionId=${ID}&status=In%20Review`],
	[`https://example.com/${OTHER}/done?verificationSessionId=${ID}`],
	[`https://business.didit.me/#/x/${ID}`],
	[`https://business.didit.me/${ID}/${ID.toUpperCase()}`],
])('%j names the session', (given) => {
	expect(parseSessionId(given)).toBe(ID);
});

test.each([
	[''],
	['..'],
	['/'],
	[`/${ID}`],
	[`${ID}/`],
	[`${ID}/../${OTHER}`],
	[`${ID}%2F`],
	[`${ID}\u0000`],
	[`{${ID}}`],
	[ID.replaceAll('-', '')],
	[`x${ID}`],
	[`${ID}${OTHER}`],
	['７c9e6679-7425-40de-944b-e07fc1f90ae7'],
	[`https://example.com/${ID}/${OTHER}`],
	[`https://example.com/x-${ID}`],
	[`https://example.com/?id=${ID}`],
	[`https://example.com/sessions/${ID}?verificationSessionId=${OTHER}x`],
	[`https://example.com/?verificationSessionId=${ID}&verificationSessionId=${OTHER}`],
	[`https://example.com/?verificationSessionId=${ID}&verificationSessionId=${ID}`],
	[`https://example.com/sessions/${ID}?verificationSessionId=&verificationSessionId=${OTHER}`],
	['https://verify.didit.me/session/3FaJ9wLqX2Mz'],
	[`ftp://example.com/session/${ID}`],
	[42],
	[null],
	[undefined],
	[[ID]],
	[{ session_id: ID }],
])('%j is refused', (given) => {
	expect(parseSessionId(given)).toBeUndefined();
});

test('whatever is given, what comes out is safe in a path and stands in the input', () => {
	const piece = fc.oneof(
		fc.uuid(),
		fc.string(),
		fc.constantFrom('/', '..', '%2F', '?', '#', 'https://', '/session/', ' '),
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
			const given = pieces.join('');
			const id = parseSessionId(given);
			if (id === undefined) return;
			expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
			expect(given.toLowerCase()).toContain(id);
		}),
	);
});
