/** What the trigger keeps in n8n's static data, encrypted and decrypted here and not by the node's own code. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const keyOf = (apiKey: string) =>
	Buffer.from(
		hkdfSync('sha256', apiKey, 'n8n-nodes-didit', 'secret key of a webhook destination', 32),
	);

/** @returns what the static data holds: initialization vector, tag and ciphertext */
export function encryptAs(secret: string, apiKey: string, uuid: string): string {
	const iv = randomBytes(12);
	const cipher = createCipheriv('aes-256-gcm', keyOf(apiKey), iv).setAAD(Buffer.from(uuid));
	const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
	return Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64');
}

/** @throws when it is not what was encrypted with this key for this destination */
export function decryptAs(encrypted: string, apiKey: string, uuid: string): string {
	const bytes = Buffer.from(encrypted, 'base64');
	const decipher = createDecipheriv('aes-256-gcm', keyOf(apiKey), bytes.subarray(0, 12))
		.setAAD(Buffer.from(uuid))
		.setAuthTag(bytes.subarray(12, 28));
	return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString();
}
