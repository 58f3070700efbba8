import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import type {
	IExecuteFunctions,
	IHookFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { downloadOptions } from '../shared/decision/download';
import { tagExecution } from '../shared/executionTags';
import { AUTHENTICATION } from '../shared/options/authentication';
import { STATUSES } from '../shared/options/statuses';
import { outputFields } from '../shared/output';
import { dropOutdated } from './confirm';
import * as destination from './destination';
import { loadOptions } from './dropdowns';
import { EVENTS } from './eventNames';
import { itemOf, type StoredEvent } from './item';
import { receive } from './receive';
import { dropRepeats } from './repeats';
import { readSettings } from './settings';
import { eventShape } from '../shared/eventShape';

const showOnApiKey = { show: { authentication: ['apiKey'] } };
const showOnAutomatic = { show: { authentication: ['apiKey'], webhookSetup: ['automatic'] } };

const EVENT_WORDS = JSON.stringify(
	Object.fromEntries(EVENTS.map(({ name, value }) => [value, name])),
);

/** What starts the workflow, in words. n8n ends an expression at two closing braces in a row. */
const SUBTITLE = `={{ [].concat($parameter["events"] || "status.updated").map((event) => event === "status.updated" ? ({ results: "Session Results", everyStatus: "Every Session Status" })[$parameter["startOn"]] || [].concat($parameter["statuses"] || []).join(", ") : (${EVENT_WORDS})[event] || event).join(", ") }}`;

const LISTENING =
	"<b>While you build</b>, click 'Execute step' and play a verification through. The first event that passes the filters shows up here. n8n listens for two minutes: begin the verification first, and finish it while n8n listens. Tests sent from Didit Console are left out unless you add the filter 'Include Console Tests'.";

export class DiditTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Didit Trigger',
		name: 'diditTrigger',
		icon: { light: 'file:../../icons/didit.svg', dark: 'file:../../icons/didit.dark.svg' },
		group: ['trigger'],
		// For a trigger of version 1, n8n evaluates an expression at each request (n8n's webhook-helpers.js, parseRequestBody).
		// The two are the same otherwise.
		version: [1, 2],
		subtitle: SUBTITLE,
		description:
			'Starts the workflow when Didit reports on a verification, after checking its signature',
		eventTriggerDescription: 'Waiting for Didit to send an event',
		activationMessage: 'Didit events now start this workflow.',
		defaults: { name: 'Didit Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'diditApi',
				required: true,
				displayOptions: { show: { authentication: ['apiKey'] } },
			},
			{
				name: 'diditOAuth2Api',
				required: true,
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// Without it n8n 2.41.1 answers with the text "firstEntryJson".
				responseData: '',
				path: 'webhook',
				// Pasted into Didit Console beside the destination that the node adds, each event would come twice.
				ndvHideUrl:
					'={{ $parameter["authentication"] === "apiKey" && $parameter["webhookSetup"] === "automatic" }}',
			},
		],
		triggerPanel: {
			header: 'Listen for an event from Didit',
			executionsHelp: {
				inactive: `${LISTENING}<br><br><b>When you are done</b>, publish the workflow. It then runs by itself with every event; see its runs under Executions.`,
				active: `${LISTENING}<br><br><b>The published workflow</b> runs by itself with every event; see its runs under Executions.`,
			},
			activationHint: 'Publish the workflow to start it with every event from Didit.',
		},
		properties: [
			AUTHENTICATION,
			{
				displayName: 'Webhook Setup',
				name: 'webhookSetup',
				type: 'options',
				required: true,
				default: 'automatic',
				displayOptions: showOnApiKey,
				options: [
					{
						name: 'Automatic',
						value: 'automatic',
						description:
							'The node registers its URL at Didit when you listen or publish, and removes it again',
					},
					{
						name: 'Manual',
						value: 'manual',
						description:
							'You paste the webhook URL into Didit Console, and its secret key into the credential',
					},
				],
			},
			{
				displayName:
					"This node adds a webhook destination to your Didit application by itself, and removes it again. As soon as there is one, Didit stops using the application's older webhook URL: if another system listens there, give it a destination first.",
				name: 'automaticNotice',
				type: 'notice',
				default: '',
				displayOptions: showOnAutomatic,
			},
			{
				displayName:
					'Open "Webhook URLs" above and paste the production URL into Didit Console under API & Webhooks. Copy the secret key shown there into the credential. The test URL works only while you listen for an event.',
				name: 'manualNotice',
				type: 'notice',
				default: '',
				displayOptions: { show: { authentication: ['apiKey'], webhookSetup: ['manual'] } },
			},
			{
				displayName:
					'Open "Webhook URLs" above and paste the production URL into Didit Console as the webhook URL of the application. Copy the webhook secret key shown there into the credential. The test URL works only while you listen for an event.',
				name: 'manualNoticeV1',
				type: 'notice',
				default: '',
				displayOptions: { show: { authentication: ['oAuth2'] } },
			},
			{
				displayName: 'Trigger On',
				name: 'events',
				type: 'multiOptions',
				// Not `required`: n8n would look only in the execution, after `webhook()` has said 200, and lose the event.
				default: ['status.updated'],
				options: EVENTS,
				displayOptions: showOnApiKey,
			},
			{
				displayName: 'Start On',
				name: 'startOn',
				type: 'options',
				required: true,
				default: 'results',
				description:
					'Which changes of a session start the workflow. Events of other kinds start it as chosen above.',
				options: [
					{
						name: 'Every Status Change',
						value: 'everyStatus',
						description: 'Also Not Started, In Progress and all others: several for each session',
					},
					{
						name: 'Results',
						value: 'results',
						description: 'Approved, Declined, In Review, Expired, KYC Expired, Abandoned',
					},
					{
						name: 'These Statuses',
						value: 'theseStatuses',
						description: 'Only the statuses that you choose',
					},
				],
			},
			{
				displayName: 'Statuses',
				name: 'statuses',
				type: 'multiOptions',
				required: true,
				default: [],
				options: STATUSES,
				description:
					'Only sessions with one of these statuses, also when their data was updated. Events of users, businesses and transactions have other statuses, and start the workflow with any.',
				displayOptions: { show: { startOn: ['theseStatuses'] } },
			},
			...outputFields(eventShape),
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				options: [
					{
						displayName: 'Environment',
						name: 'environment',
						type: 'options',
						default: 'live',
						description:
							'Whether the session was a real one or played through in a sandbox application',
						options: [
							{ name: '[All]', value: 'all' },
							{ name: 'Live', value: 'live' },
							{ name: 'Sandbox', value: 'sandbox' },
						],
					},
					{
						displayName: 'Include Console Tests',
						name: 'includeTests',
						type: 'boolean',
						default: false,
						description:
							'Whether tests sent from Didit Console start the workflow too. They are signed, and say "Approved" about nobody.',
					},
					{
						displayName: 'Didit Workflow Names or IDs',
						name: 'workflows',
						type: 'multiOptions',
						typeOptions: { loadOptionsMethod: 'getWorkflows' },
						default: [],
						description:
							'Only sessions of these Didit workflows. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
						displayOptions: { show: { '/authentication': ['apiKey'] } },
					},
				],
			},
			{
				displayName: 'Options',
				name: 'options',
				type: 'collection',
				placeholder: 'Add Option',
				default: {},
				options: [
					{
						displayName: 'Confirm With Didit',
						name: 'confirmWithDidit',
						type: 'boolean',
						default: false,
						description:
							"Whether to read the session from Didit before its event starts the workflow, and to leave the event out when the session has another status by now or was deleted. When Didit can't be asked, it sends the event again. Events about no session have nothing to read: they continue with confirmed set to false.",
					},
					...downloadOptions,
					{
						displayName: 'Drop Repeats',
						name: 'dropRepeats',
						type: 'boolean',
						default: true,
						description:
							'Whether to leave out an event that has started the workflow before. Didit sends one again when an answer was lost, and when you press Resend in its Console: turn this off to run the workflow again.',
					},
					{
						displayName: 'Keep Destination When Unpublished',
						name: 'keepDestination',
						type: 'boolean',
						default: false,
						description:
							'Whether unpublishing disables the webhook destination at Didit instead of deleting it. Its secret key and its deliveries survive, and publishing enables it again.',
						displayOptions: {
							show: { '/authentication': ['apiKey'], '/webhookSetup': ['automatic'] },
						},
					},
					{
						displayName: 'Time Tolerance (Seconds)',
						name: 'toleranceSeconds',
						type: 'number',
						typeOptions: { minValue: 1, maxValue: 86400 },
						default: 600,
						description:
							"By how much the signed time of an event may differ from this machine's clock. Didit's second retry comes about five minutes late.",
					},
				],
			},
			{
				displayName:
					'While the workflow is unpublished, its destination stays at Didit, disabled. Before you unpublish it for good, turn off \'Keep Destination When Unpublished\' and publish once more. Or delete the destination in Didit Console under API & Webhooks: its name is "n8n - " and the name of this workflow.',
				name: 'keptNotice',
				type: 'notice',
				default: '',
				displayOptions: {
					show: { ...showOnAutomatic.show, '/options.keepDestination': [true] },
				},
			},
		],
	};

	methods = { loadOptions };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await destination.checkExists(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await destination.create(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await destination.remove(this);
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive(this);
	}

	/**
	 * Runs in the execution that `webhook()` started: only there does n8n let a node remember what it has seen.
	 *
	 * The settings were usable when the delivery came, and may not be now: an expression can give something else. Or the status was
	 * confirmed then, and can't be now. Nothing is remembered in such a case, so that a retry starts anew. Where the builder set On Error to
	 * continue, the event is not lost: it goes on under `details`, where no later node takes it for an item that was made, and n8n 2.41 sends
	 * it to the error output (handleNodeErrorOutput in n8n's workflow-execute.js).
	 */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const received = this.getInputData() as StoredEvent[];
		for (const { json } of received) tagExecution(this, json);
		try {
			const { automatic, toleranceSeconds, downloads } = readSettings(this);
			const current = await dropOutdated(this, received, automatic);
			const events = await dropRepeats(this, current, toleranceSeconds);
			return [await Promise.all(events.map(async (event) => await itemOf(this, event, downloads)))];
		} catch (error) {
			if (!this.continueOnFail()) throw new NodeOperationError(this.getNode(), error as Error);
			const { message } = error as Error;
			return [
				received.map(({ json }, item) => ({
					json: { error: message, details: json },
					pairedItem: { item },
				})),
			];
		}
	}
}
