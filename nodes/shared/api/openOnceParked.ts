import { sleep } from 'n8n-workflow';
import type { IExecuteFunctions } from 'n8n-workflow';

/** Milliseconds before each try: n8n stores an execution right after its node, and a busy one takes a while. */
const WAITS = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000];

/** n8n's answer while the execution still runs, or when it has gone on (waiting-webhooks.js, `ConflictError`). */
const RUNNING = 409;

/**
 * Opens the resume address of an execution as soon as n8n has parked it, as a visitor would. Who opened it before that was refused and does
 * not come again by himself. Not to be awaited: n8n parks the execution only after its node has ended.
 *
 * If n8n can't reach its own address, or ends before, the execution waits for the person to open it again, or for its time limit.
 *
 * Never throws. The address holds the execution's token: it is in no log.
 */
export async function openOnceParked(context: IExecuteFunctions, url: string): Promise<void> {
	let reason = '';
	for (const wait of WAITS) {
		await sleep(wait);
		try {
			const { statusCode } = (await context.helpers.httpRequest({
				url,
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				// A visitor's way onwards is not ours.
				disableFollowRedirect: true,
				encoding: 'text',
				timeout: 20_000,
			})) as { statusCode: number };
			// Halfway through storing the execution n8n answers 500. The node itself answers 503 while Didit can't be asked.
			if (statusCode < 400) return;
			reason = statusCode === RUNNING ? '' : `HTTP ${statusCode}`;
		} catch (error) {
			reason = (error as { code?: string }).code ?? 'no answer came';
		}
	}
	if (reason === '') return;
	context.logger.warn(
		`Didit: n8n could not open the resume address of an execution that waits (${reason}). If the person had finished before it waited, the address has to be opened again. Check WEBHOOK_URL.`,
	);
}
