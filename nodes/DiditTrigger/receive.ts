import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { confirmDelivery } from './confirm';
import { Door, hashOf } from './door';
import { passesFilters } from './filters';
import { storedEvent } from './item';
import { judgeWithSecrets } from './secrets';
import { readSettings, UnusableSetting, type TriggerSettings } from './settings';
import {
	MAX_BODY_BYTES,
	readDelivery,
	refuseUnsigned,
	verifySigned,
	type RejectReason,
} from './verify/signature';

/** Why a delivery is refused, and the sentence for the log and the answer. */
interface Refusal {
	reason: RejectReason | 'unusableSetting' | 'unconfirmed' | 'undecidedTwin';
	message: string;
}

/** Refusals that say nothing of the delivery: it may be Didit's. */
const NOT_JUDGED: readonly string[] = [
	'noSecret',
	'noUsableSecret',
	'secretUnavailable',
	'unusableSetting',
	'unconfirmed',
	'undecidedTwin',
];

/** The longest that a delivery is held, in milliseconds: Didit waits for five seconds (docs.didit.me, Webhooks). */
const ANSWER_WITHIN = 4_000;

const door = new Door();

/**
 * Answers one delivery, and starts the workflow when it is proven to be Didit's. Never throws: n8n would store an errored execution for each
 * request that a stranger sends (n8n's webhook-helpers.js).
 *
 * - 200: proven. An execution starts, unless the builder's filters leave the event out, it has started one before, or Didit says that its
 *   session has another status by now.
 * - 401: not proven. Nothing is stored; one log line names the reason.
 * - 503: it can't be known, without a secret, with a setting that can't be used, when the status is to be confirmed and can't be, while
 *   another delivery of the event is being stored, or when the node itself is in trouble: Didit sends it again (docs.didit.me, Webhooks).
 *
 * What is cheap comes first, since anybody can send anything: headers, body, settings, and only then the secrets, which n8n decrypts at
 * more cost than all the rest. n8n itself answers a path or a method that is not this trigger's with 404 (live-webhooks.js).
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const deadline = Date.now() + ANSWER_WITHIN;
	try {
		const { headers } = context.getRequestObject();
		const unsigned = refuseUnsigned(headers);
		if (unsigned !== undefined) return refuse(context, unsigned);
		const delivery = readDelivery({ body: await readBody(context), headers });
		if ('reason' in delivery) return refuse(context, delivery);

		const settings = readSettings(context);
		const { automatic, filters, toleranceSeconds } = settings;
		const options = { now: Date.now() / 1000, toleranceSeconds };
		const verdict = await judgeWithSecrets(context, automatic, (keys) =>
			verifySigned(delivery, keys, options),
		);
		if (!verdict.valid) return refuse(context, verdict);
		if (!passesFilters(verdict.event, filters)) {
			return { webhookResponse: { received: true, filtered: true } };
		}
		return await letIn(context, verdict.event, settings, deadline);
	} catch (error) {
		const { message } = error as Error;
		if (error instanceof UnusableSetting)
			return refuse(context, { reason: 'unusableSetting', message });
		context.logger.error(`Didit Trigger could not check a delivery: ${message}`);
		return answer(context, 503, 'The delivery could not be checked. Try again later.');
	}
}

/** Starts the workflow with a proven event, unless the event has started it before. A test always starts it: the builder waits for it. */
async function letIn(
	context: IWebhookFunctions,
	event: IDataObject,
	settings: TriggerSettings,
	deadline: number,
): Promise<IWebhookResponseData> {
	const start = async () => await startWith(context, event, settings, deadline);
	if (!settings.dropRepeats || context.getMode() === 'manual') return await start();
	const response = context.getResponseObject();
	const result = await door.admit({ hash: hashOf(context, event), response, deadline }, start);
	if (result === 'repeat') return { webhookResponse: { received: true, repeated: true } };
	if (result !== 'undecided') return result;
	return refuse(context, {
		reason: 'undecidedTwin',
		message: 'n8n is still storing another delivery of this event. Try again later.',
	});
}

async function startWith(
	context: IWebhookFunctions,
	event: IDataObject,
	settings: TriggerSettings,
	deadline: number,
): Promise<IWebhookResponseData> {
	const confirmation = settings.confirm
		? await confirmDelivery(context, event, settings.automatic, deadline)
		: undefined;
	switch (confirmation?.state) {
		case 'unknown':
			return refuse(context, {
				reason: 'unconfirmed',
				message: `Didit did not confirm the status of the session: ${confirmation.reason}`,
			});
		case 'outdated':
			context.logger.info(
				'Didit Trigger left out an event: its session has another status by now, or is deleted',
			);
			return { webhookResponse: { received: true, outdated: true } };
		default:
			return {
				webhookResponse: { received: true },
				// What is left out here is nowhere in n8n.
				workflowData: [[storedEvent(event, settings, confirmation)]],
			};
	}
}

function refuse(context: IWebhookFunctions, { reason, message }: Refusal): IWebhookResponseData {
	context.logger.warn(`Didit Trigger refused a delivery: ${message}`, { reason });
	return answer(context, NOT_JUDGED.includes(reason) ? 503 : 401, message);
}

function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/**
 * The exact bytes received; empty when n8n has already used them up, as for multipart (n8n's body-parser.js).
 *
 * n8n reads the usual content types itself. Of the others only a plain body is read here: n8n would wait for ever for the rest of a
 * compressed one whose sender has gone, and keep all that it holds for the request. Didit sends plain JSON.
 */
async function readBody(context: IWebhookFunctions): Promise<Buffer> {
	const request = context.getRequestObject() as ReturnType<
		IWebhookFunctions['getRequestObject']
	> & {
		readRawBody?: () => Promise<void>;
	};
	const isTooLarge = Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES;
	const isPlain = request.headers['content-encoding'] === undefined;
	if (request.rawBody === undefined && isPlain && !isTooLarge) {
		try {
			await request.readRawBody?.();
		} catch (error) {
			context.logger.debug(`The body of a delivery could not be read: ${(error as Error).message}`);
		}
	}
	return request.rawBody ?? Buffer.alloc(0);
}
