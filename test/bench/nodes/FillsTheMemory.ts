import { randomUUID } from 'node:crypto';
import path from 'node:path';

import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

/** What it is told: the body of the request. */
export interface Filling {
	/** An event as Didit sends it; each one gets an ID and a time of its own. */
	event: IDataObject;
	count: number;
	/** The events come evenly over this time, the last of them now. */
	seconds: number;
	/** How many of them each call of the trigger gets. */
	atOnce: number;
	/** The ID of the last event. */
	lastId: string;
}

const file = path.join(
	process.env.N8N_USER_FOLDER ?? '',
	...['.n8n', 'nodes', 'node_modules', 'n8n-nodes-didit'],
	...['dist', 'nodes', 'DiditTrigger', 'DiditTrigger.node.js'],
);
const { DiditTrigger } = require(file) as { DiditTrigger: new () => INodeType };
const trigger = new DiditTrigger();

/**
 * Lets the Didit Trigger remember events that it never received. It stands in the trigger's place, with the trigger's ID and settings,
 * and gives the events to `execute()` of the installed trigger, in an execution of the trigger's workflow: whatever the trigger
 * remembers, and however, it does itself. Only the clock is another: it shows each event's own time.
 */
export class FillsTheMemory implements INodeType {
	description: INodeTypeDescription = {
		...trigger.description,
		displayName: 'Fills the Memory',
		name: 'fillsTheMemory',
		icon: undefined,
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				// Answered when the memory is full.
				responseMode: 'lastNode',
				path: 'fill',
			},
		],
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return { workflowData: [[{ json: this.getBodyData() }]] };
	}

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const [{ json }] = this.getInputData();
		const { event, count, seconds, atOnce, lastId } = json as unknown as Filling;
		const { now } = Date;
		const end = now();
		let given = 0;
		try {
			for (let first = 0; first < count; first += atOnce) {
				const last = Math.min(first + atOnce, count) - 1;
				const at = Math.round(end - seconds * 1000 * (1 - (last + 1) / count));
				Date.now = () => at;
				const items = Array.from({ length: last - first + 1 }, (_, index) => {
					const isLast = first + index === count - 1;
					const id = isLast ? lastId : randomUUID();
					const json = { ...event, event_id: id, timestamp: Math.floor(at / 1000) };
					// As `webhook()` notes it down (eventKey.ts).
					return { json, eventKey: `event:${id}` };
				});
				// The trigger sees the same execution, with other items.
				const context = Object.create(this, {
					getInputData: { value: () => items },
				}) as typeof this;
				const [output] = (await trigger.execute?.call(context)) as INodeExecutionData[][];
				given += output.length;
			}
		} finally {
			Date.now = now;
		}
		return [[{ json: { given } }]];
	}
}
