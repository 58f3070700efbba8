import type { IDataObject, IWebhookFunctions } from 'n8n-workflow';

import { credentialNameOf } from '../shared/api';
import type { DestinationData } from './destination';
import type { Verdict } from './verify/signature';

/**
 * Judges a delivery with the webhook secret keys that are in force: the destination's own and those of the credential.
 *
 * @param automatic whether the trigger looks after its own destination
 * @param judge the verdict with these keys
 */
export async function judgeWithSecrets(
	context: IWebhookFunctions,
	automatic: boolean,
	judge: (keys: readonly string[]) => Verdict,
): Promise<Verdict> {
	const { secret } = automatic ? (context.getWorkflowStaticData('node') as DestinationData) : {};
	const ofCredential = credentialSecrets(context);
	// The destination's own is enough, should the credential be gone.
	return judge(
		typeof secret === 'string'
			? [secret, ...(await ofCredential.catch(() => []))]
			: await ofCredential,
	);
}

async function credentialSecrets(context: IWebhookFunctions): Promise<string[]> {
	const credentials = await context.getCredentials<IDataObject>(credentialNameOf(context));
	return String(credentials.webhookSecrets ?? credentials.webhookSecret ?? '').split(/[\s,]+/);
}
