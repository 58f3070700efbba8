import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
/** Bytes. What NIST SP 800-38D recommends for GCM. */
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/**
 * Encrypts the secret key of a webhook destination for n8n's static data. Everybody who can read the workflow can read that data: viewers,
 * holders of a read-only API key, and whoever has an export or a backup.
 *
 * AES-256-GCM; the key comes from the API key, which n8n keeps encrypted. An API key is long and random, so no slow derivation is needed.
 * The destination's ID is authenticated too, so that the result can't be decrypted for another destination.
 *
 * @param apiKey the API key of the credential; white space around it is ignored
 * @param uuid Didit's ID of the destination
 * @returns Base64 of initialization vector, tag and ciphertext; different at each call
 */
export function encrypt(secret: string, apiKey: string, uuid: string): string {
	const iv = randomBytes(IV_LENGTH);
	const cipher = createCipheriv(ALGORITHM, keyFrom(apiKey), iv, { authTagLength: TAG_LENGTH });
	cipher.setAAD(Buffer.from(uuid));
	const ciphertext = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
	return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64');
}

/**
 * The secret key that {@link encrypt} encrypted.
 *
 * @returns undefined when the API key or the destination is another one, or the text was changed
 */
export function decrypt(encrypted: string, apiKey: string, uuid: string): string | undefined {
	const bytes = Buffer.from(encrypted, 'base64');
	try {
		const decipher = createDecipheriv(ALGORITHM, keyFrom(apiKey), bytes.subarray(0, IV_LENGTH), {
			authTagLength: TAG_LENGTH,
		});
		decipher.setAAD(Buffer.from(uuid));
		decipher.setAuthTag(bytes.subarray(IV_LENGTH, IV_LENGTH + TAG_LENGTH));
		const ciphertext = bytes.subarray(IV_LENGTH + TAG_LENGTH);
		return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
	} catch {
		return undefined;
	}
}

/** A key for this purpose alone: HKDF (RFC 5869) with SHA-256. */
function keyFrom(apiKey: string): Buffer {
	const purpose = 'secret key of a webhook destination';
	return Buffer.from(hkdfSync('sha256', apiKey.trim(), 'n8n-nodes-didit', purpose, 32));
}
