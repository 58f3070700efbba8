import { decrypt, encrypt } from '../../nodes/DiditTrigger/cipher';
import { decryptAs, encryptAs } from '../support/staticData';

const SECRET = 'tst_whsec_Zk3vQ9dXw1LrB7yNf0cHsJ5uE2mTgA8pYi';
const API_KEY = 'tst-key-Qm4vXw8Zr2Lp6Ny0';
const UUID = '0b8cfe61-0000-4000-8000-000000000002';

test('AES-256-GCM with a key by HKDF-SHA-256 from the API key, and the ID of the destination beside it', () => {
	expect(decryptAs(encrypt(SECRET, API_KEY, UUID), API_KEY, UUID)).toBe(SECRET);
	expect(decrypt(encryptAs(SECRET, API_KEY, UUID), API_KEY, UUID)).toBe(SECRET);
});

test.each(['ключ-😀-日本語-0123', 'a', ''])('any text comes back: %j', (text) => {
	expect(decrypt(encrypt(text, API_KEY, UUID), API_KEY, UUID)).toBe(text);
});

test('the same secret looks different each time, and nothing of it shows', () => {
	const all = Array.from({ length: 20 }, () => encrypt(SECRET, API_KEY, UUID));
	expect(new Set(all.map((text) => text.slice(0, 16))).size).toBe(20);
	for (const text of all)
		expect(Buffer.from(text, 'base64').toString('latin1')).not.toContain('tst');
});

test('white space around the API key is no part of it, as when it is sent', () => {
	expect(decrypt(encrypt(SECRET, ` ${API_KEY}\n`, UUID), API_KEY, UUID)).toBe(SECRET);
	expect(decrypt(encrypt(SECRET, API_KEY, UUID), `\t${API_KEY} `, UUID)).toBe(SECRET);
});

test.each([
	['another API key', `${API_KEY}x`, UUID],
	['no API key', '', UUID],
	['another destination', API_KEY, UUID.replace('2', '3')],
	['no destination', API_KEY, ''],
])('with %s it is not decrypted', (_, apiKey, uuid) => {
	expect(decrypt(encrypt(SECRET, API_KEY, UUID), apiKey, uuid)).toBeUndefined();
});

test('with any one byte changed, or cut anywhere, it is not decrypted', () => {
	const bytes = Buffer.from(encrypt(SECRET, API_KEY, UUID), 'base64');
	expect(bytes).toHaveLength(12 + 16 + SECRET.length);
	for (let index = 0; index < bytes.length; index++) {
		const changed = Buffer.from(bytes);
		changed[index] ^= 1;
		expect(decrypt(changed.toString('base64'), API_KEY, UUID)).toBeUndefined();
		expect(decrypt(bytes.subarray(0, index).toString('base64'), API_KEY, UUID)).toBeUndefined();
	}
});

test('an authentication tag that was shortened is none', () => {
	// GCM itself knows shorter ones, which can be guessed: four bytes behind the vector, and no ciphertext.
	const empty = Buffer.from(encrypt('', API_KEY, UUID), 'base64');
	for (const length of [4, 8, 12, 15])
		expect(decrypt(empty.subarray(0, 12 + length).toString('base64'), API_KEY, UUID)).toBe(
			undefined,
		);
	expect(decrypt(empty.toString('base64'), API_KEY, UUID)).toBe('');
});

test.each(['', 'nonsense', '!!!!', 'tst_whsec_Zk3vQ9dXw1LrB7yNf0cHsJ5uE2mTgA8pYi'])(
	'what was never encrypted: %j',
	(text) => expect(decrypt(text, API_KEY, UUID)).toBeUndefined(),
);
