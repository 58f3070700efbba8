import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/** In characters; Didit's own keys have more than 40. A shorter piece is not a key but a word such as `none`, which anybody could guess. */
export const MIN_KEY_LENGTH = 12;

/**
 * The webhook secret keys in a credential's field, which may hold several while they are rotated.
 *
 * @param value keys separated by commas, spaces or line ends
 * @returns the `keys` that may be used, and whether the field also holds a piece that is too short to be a key
 */
export function readWebhookKeys(value: unknown): { keys: string[]; hasScraps: boolean } {
	const pieces = (typeof value === 'string' ? value : '')
		.split(/[\s,]+/)
		.filter((piece) => piece !== '');
	const keys = pieces.filter(({ length }) => length >= MIN_KEY_LENGTH);
	return { keys, hasScraps: keys.length < pieces.length };
}

/** The same of a credential of either type. */
export function webhookKeysOf(
	credential: ICredentialDataDecryptedObject,
): ReturnType<typeof readWebhookKeys> {
	return readWebhookKeys(credential.webhookSecrets ?? credential.webhookSecret);
}
