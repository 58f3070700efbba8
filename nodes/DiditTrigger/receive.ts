import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';

import { credentialNameOf } from '../shared/api';
import { isAutomatic } from './destination';
import { listOf, passesFilters, type EventFilters } from './filters';
import { judgeWithSecrets } from './secrets';
import { MAX_BODY_BYTES, verifyDelivery, type RejectReason } from './verify/signature';

const DEFAULT_TOLERANCE_SECONDS = 600;

/** Refusals that another try may overcome. */
const TRY_AGAIN: RejectReason[] = ['noSecret', 'noUsableSecret', 'secretUnavailable'];

/**
 * Answers one delivery, and starts the workflow when it is proven to be Didit's. Never throws: n8n would store an errored execution for each
 * request that a stranger sends (n8n's webhook-helpers.js).
 *
 * - 200: proven. An execution starts, unless the builder's filters leave the event out.
 * - 401: not proven. Nothing is stored; one log line names the reason.
 * - 503: it can't be known, without a secret or when the node itself is in trouble: Didit sends it again (docs.didit.me, Webhooks).
 */
export async function receive(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const request = context.getRequestObject();
		const delivery = { body: await readBody(context), headers: request.headers };
		const options = { now: Date.now() / 1000, toleranceSeconds: readTolerance(context) };
		const verdict = await judgeWithSecrets(context, isAutomatic(context), (keys) =>
			verifyDelivery(delivery, keys, options),
		);
		if (!verdict.valid) {
			context.logger.warn(`Didit Trigger refused a delivery: ${verdict.message}`, {
				reason: verdict.reason,
			});
			return answer(context, TRY_AGAIN.includes(verdict.reason) ? 503 : 401, verdict.message);
		}
		if (
			!passesFilters(verdict.event, 'x-didit-test-webhook' in request.headers, readFilters(context))
		) {
			return { webhookResponse: { received: true, filtered: true } };
		}
		return {
			webhookResponse: { received: true },
			workflowData: [[{ json: verdict.event }]],
		};
	} catch (error) {
		context.logger.error(`Didit Trigger could not check a delivery: ${(error as Error).message}`);
		return answer(context, 503, 'The delivery could not be checked. Try again later.');
	}
}

function answer(context: IWebhookFunctions, status: number, message: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ message });
	return { noWebhookResponse: true };
}

/**
 * The exact bytes received; empty when n8n has already spent them, as for multipart (n8n's body-parser.js).
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

function readTolerance(context: IWebhookFunctions): number {
	const seconds = context.getNodeParameter('options.toleranceSeconds', DEFAULT_TOLERANCE_SECONDS);
	return typeof seconds === 'number' && seconds > 0 ? seconds : DEFAULT_TOLERANCE_SECONDS;
}

function readFilters(context: IWebhookFunctions): EventFilters {
	const filters = context.getNodeParameter('filters', {}) as Partial<EventFilters>;
	const isV3 = credentialNameOf(context) === 'diditApi';
	return {
		events: isV3 ? listOf(context.getNodeParameter('events', [])) : [],
		statuses: listOf(filters.statuses),
		workflows: isV3 ? listOf(filters.workflows) : [],
		environment: filters.environment ?? 'all',
		includeTests: filters.includeTests === true,
	};
}
