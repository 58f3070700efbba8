import type { ICredentialDataDecryptedObject, IWebhookFunctions } from 'n8n-workflow';

import { credentialNameOf } from '../shared/api';
import { MIN_KEY_LENGTH, webhookKeysOf } from '../shared/webhookKeys';
import { decrypt, encrypt } from './cipher';
import { lookUp, type DestinationData } from './destination';
import { SharedReads } from './sharedReads';
import { reject, type Verdict } from './verify/signature';

/** The shortest time between two questions to Didit about the same trigger, in milliseconds, whether Didit answered or not. */
const ASK_EVERY = 10_000;

/**
 * The longest that Didit's answer may take, in milliseconds. Didit itself waits five seconds for the answer to its delivery (docs.didit.me,
 * Webhooks).
 */
const ASK_FOR = 3_000;

/** The most triggers that a process remembers. When one more comes, it forgets the one that came first. */
const MAX_TRIGGERS = 1_000;

/** A destination's secret key, with what n8n's static data held when it was found and what it should hold. */
interface Known {
	secret: string;
	/** The static data as one text, at the time when the secret key was found. */
	foundWith: string;
	/** What the static data should hold. */
	data: DestinationData;
}

/** Didit's answer: the secret key, or undefined when Didit has no such destination. */
type Answer = { secret: string | undefined };

/** A question to Didit. */
interface Question {
	/** Epoch milliseconds. */
	asked: number;
	/** Undefined when Didit did not answer, or refused to. */
	answer: Promise<Answer | undefined>;
}

/** What this process knows of one trigger. */
interface Memory {
	known?: Known;
	question?: Question;
}

/** A delivery to a trigger with automatic setup, and what is known where it arrives. */
interface Arrival {
	context: IWebhookFunctions;
	memory: Memory;
	/** What n8n keeps for the trigger. */
	stored: DestinationData;
	/** The same in one text, as it was when the delivery arrived. */
	storedText: string;
	credential: () => Promise<Credential>;
}

type Credential = ICredentialDataDecryptedObject;

const memories = new Map<string, Memory>();

const credentialReads = new SharedReads<Credential>();

/**
 * Judges a delivery with the keys that may have signed it. First comes the key that costs least: the destination's own secret key
 * (automatic setup), then the keys in the credential. When none fits, the stored secret key may be out of date, so Didit is asked for the
 * present one.
 *
 * Didit is asked about a trigger at most once in ten seconds, however many deliveries come, and deliveries that wait share the answer. Only
 * a question asked after the delivery had arrived can prove that no key fits: the answer to an earlier one may date from before a change of
 * the secret at Didit. Without that proof the verdict is `secretUnavailable`, never `signatureMismatch`.
 *
 * @param automatic whether the trigger manages its own destination; if not, Didit is never asked
 * @param judge verifies with the given keys, at least one; called again with others only after `signatureMismatch`
 * @returns the verdict of `judge`; `noSecret`, `noUsableSecret` or `secretUnavailable` when there was no key to judge with
 * @throws with manual setup, when n8n can't provide the credential
 */
export async function judgeWithSecrets(
	context: IWebhookFunctions,
	automatic: boolean,
	judge: (keys: readonly string[]) => Verdict,
): Promise<Verdict> {
	const credential = readOnce(context);
	if (!automatic) return judgeWith(webhookKeysOf(await credential()), judge);

	const stored = context.getWorkflowStaticData('node') as DestinationData;
	const memory = memoryOf(context);
	const arrival = { context, memory, stored, storedText: textOf(stored), credential };
	try {
		return await judgeArrival(arrival, judge);
	} finally {
		bringUpToDate(arrival);
	}
}

async function judgeArrival(
	arrival: Arrival,
	judge: (keys: readonly string[]) => Verdict,
): Promise<Verdict> {
	const { memory, credential } = arrival;
	const before = memory.question;
	const own = await ownSecret(arrival);
	let verdict = own === undefined ? reject('noSecret') : judge([own]);
	if (isSettled(verdict)) return verdict;

	const ofCredential = webhookKeysOf(await credential().catch(() => ({})));
	if (ofCredential.keys.length > 0 || own === undefined) verdict = judgeWith(ofCredential, judge);
	if (isSettled(verdict)) return verdict;

	const question = askDidit(arrival);
	const asksSince = question !== before;
	const answer = await question.answer;
	if (answer?.secret !== undefined && answer.secret !== own) verdict = judge([answer.secret]);
	const isProof = answer !== undefined && asksSince;
	return isSettled(verdict) || isProof ? verdict : reject('secretUnavailable');
}

type Keys = ReturnType<typeof webhookKeysOf>;

function judgeWith(
	{ keys, hasScraps }: Keys,
	judge: (keys: readonly string[]) => Verdict,
): Verdict {
	if (keys.length > 0) return judge(keys);
	return reject(hasScraps ? 'noUsableSecret' : 'noSecret');
}

/** Whether another key can't change the verdict. */
function isSettled(verdict: Verdict): boolean {
	return (
		verdict.valid || !['signatureMismatch', 'noSecret', 'noUsableSecret'].includes(verdict.reason)
	);
}

// ---------------------------------------------------------------------------------------------------- the credential

/**
 * Returns a function that reads the node's credential: at its first call, only once for this delivery, and together with other deliveries
 * that wait for it. n8n 2.41.1 builds and destroys an isolate for each reading in `webhook()` (credentials-helper.js,
 * `applyDefaultsAndOverwrites`).
 */
function readOnce(context: IWebhookFunctions): () => Promise<Credential> {
	let reading: Promise<Credential> | undefined;
	return async () => {
		const type = credentialNameOf(context);
		const key = JSON.stringify([triggerOf(context), type, context.getNode().credentials?.[type]]);
		reading ??= credentialReads.read(key, async () => await context.getCredentials(type));
		return await reading;
	};
}

function isKey(value: unknown): value is string {
	return typeof value === 'string' && value.trim().length >= MIN_KEY_LENGTH;
}

// ---------------------------------------------------------------------------------------------------- the destination's own

/** Identifies a trigger. Its test counts as another trigger, since n8n keeps separate static data for it (tried on n8n 2.41.1). */
function triggerOf(context: IWebhookFunctions): string {
	return JSON.stringify([context.getWorkflow().id, context.getNode().id, isTest(context)]);
}

function isTest(context: IWebhookFunctions): boolean {
	return context.getMode() === 'manual';
}

function memoryOf(context: IWebhookFunctions): Memory {
	const trigger = triggerOf(context);
	let memory = memories.get(trigger);
	if (memory === undefined) {
		const [oldest] = memories.keys();
		if (oldest !== undefined && memories.size >= MAX_TRIGGERS) memories.delete(oldest);
		memory = {};
		memories.set(trigger, memory);
	}
	return memory;
}

/** All that the static data says about the destination's secret key, as one text. It is a different text after each publication. */
function textOf({ uuid, encryptedSecret, secret }: DestinationData): string {
	return JSON.stringify([uuid, encryptedSecret, secret]);
}

/** What this process knows of the secret key that the static data describes. */
function knownOf({ memory: { known }, storedText }: Arrival): Known | undefined {
	const isAbout = known?.foundWith === storedText || (known && textOf(known.data) === storedText);
	return isAbout ? known : undefined;
}

/** The destination's secret key as the static data has it, decrypted once; undefined when there is none, or it can't be decrypted. */
async function ownSecret(arrival: Arrival): Promise<string | undefined> {
	const { memory, stored, storedText, credential } = arrival;
	const remembered = knownOf(arrival);
	if (remembered !== undefined) return remembered.secret;
	const { uuid, url, encryptedSecret } = stored;
	const isEncrypted = typeof encryptedSecret === 'string';
	const inClear = isKey(stored.secret) && !isEncrypted ? stored.secret : undefined;
	if (typeof uuid !== 'string' || (!isEncrypted && inClear === undefined)) return undefined;
	const apiKey = await credential().then(apiKeyOf, () => undefined);
	if (apiKey === undefined) return inClear;
	// Another delivery may have found the secret key meanwhile.
	const meanwhile = knownOf(arrival);
	if (meanwhile !== undefined) return meanwhile.secret;
	const secret = isEncrypted ? decrypt(encryptedSecret, apiKey, uuid) : inClear;
	if (secret === undefined) return undefined;
	const data = {
		uuid,
		url,
		encryptedSecret: isEncrypted ? encryptedSecret : encrypt(secret, apiKey, uuid),
	};
	memory.known = { secret, foundWith: storedText, data };
	return secret;
}

function apiKeyOf(credential: Credential): string {
	return String(credential.apiKey);
}

/** The question to Didit that is under way or was asked less than ten seconds ago, else a new one. */
function askDidit(arrival: Arrival): Question {
	const { memory } = arrival;
	const now = Date.now();
	const since = now - (memory.question?.asked ?? -Infinity);
	// A clock that was set back must not keep Didit from being asked.
	if (memory.question !== undefined && since >= 0 && since < ASK_EVERY) return memory.question;
	memory.question = { asked: now, answer: learn(arrival, now + ASK_FOR) };
	return memory.question;
}

async function learn(arrival: Arrival, deadline: number): Promise<Answer | undefined> {
	const { context, memory, stored, storedText, credential } = arrival;
	try {
		// In a test, n8n returns the production URL, which is not the one wanted.
		const url = isTest(context) ? undefined : context.getNodeWebhookUrl('default');
		const id = typeof stored.uuid === 'string' ? stored.uuid : undefined;
		if (id === undefined && url === undefined) return undefined;
		const found = await lookUp(context, id, url, deadline);
		if (found === undefined) return { secret: undefined };
		const { uuid, secret } = found;
		if (knownOf(arrival)?.secret !== secret) {
			const encryptedSecret = encrypt(secret, apiKeyOf(await credential()), uuid);
			const data = { uuid, url: stored.url ?? url, encryptedSecret };
			memory.known = { secret, foundWith: storedText, data };
		}
		return { secret };
	} catch (error) {
		context.logger.warn(
			`The secret key of the webhook destination of "${context.getNode().name}" could not be read from Didit. If that does not change, publish the workflow again: ${(error as Error).message}`,
		);
		return undefined;
	}
}

/**
 * Writes into the static data what has been found since. n8n saves the change after a delivery that starts no execution, and loses it after
 * one that starts an execution (n8n 2.41.1: workflow-runner.js makes a second Workflow of the same object, which resets the mark that it
 * was changed). So it is written again with each delivery until it is saved.
 */
function bringUpToDate(arrival: Arrival): void {
	const { stored, storedText } = arrival;
	const data = knownOf(arrival)?.data;
	if (data === undefined || textOf(data) === storedText) return;
	Object.assign(stored, data);
	delete stored.secret;
}
