import { NodeOperationError } from 'n8n-workflow';
import type { IExecuteFunctions, IHookFunctions, IWebhookFunctions } from 'n8n-workflow';

import { readDownloadOptions, type DownloadSettings } from '../shared/decision/download';
import { OUTPUT_MODES, type OutputSettings } from '../shared/output';
import { isObject, own } from '../shared/values';
import type { EventFilters } from './filters';

/** What the builder set, read once and usable as it is. */
export interface TriggerSettings {
	/** Whether the trigger looks after its own destination at Didit. */
	automatic: boolean;
	filters: EventFilters;
	/** How far the signed time of an event may be from this machine's clock, in seconds. */
	toleranceSeconds: number;
	/** How much of an event goes on. */
	output: OutputSettings;
	/** Whether an event goes on only while its session still has the event's status. */
	confirm: boolean;
	/** Whether an event that was passed on already is left out. */
	dropRepeats: boolean;
	/** Whether the destination of an automatic setup stays at Didit, disabled, when the workflow is unpublished. */
	keepDestination: boolean;
	/** Which files to add to the item; `undefined` for none. */
	downloads: Pick<DownloadSettings, 'kinds' | 'maxBytes'> | undefined;
}

const DEFAULT_TOLERANCE_SECONDS = 600;
/** A day. An event that is older can't be told from a recording that somebody sends again. */
const MAX_TOLERANCE_SECONDS = 86_400;

/** The greatest age that can be asked about, in years. */
const MAX_AGE = 130;

/** The statuses that end a verification, or hand it to a person: what 'Start On' calls Results. */
export const RESULTS: readonly string[] = [
	'Approved',
	'Declined',
	'In Review',
	'Expired',
	'Kyc Expired',
	'Abandoned',
];

/** The fields of the two collections, and their names in the editor. */
const FILTERS = {
	environment: 'Environment',
	includeTests: 'Include Console Tests',
	workflows: 'Didit Workflow Names or IDs',
};
const OPTIONS = {
	confirmWithDidit: 'Confirm With Didit',
	downloadFiles: 'Download Files',
	dropRepeats: 'Drop Repeats',
	keepDestination: 'Keep Destination When Unpublished',
	maxFileSize: 'Max File Size (MB)',
	toleranceSeconds: 'Time Tolerance (Seconds)',
};

/** A setting that is set and can't be used. Its message says which one, what it gives and what to do, but never the value. */
export class UnusableSetting extends NodeOperationError {}

/**
 * Reads all settings of the trigger. A field that was left as the editor stores it, absent from its collection or an empty list, sets
 * nothing. Anything else, from an expression or by hand, has to be usable: a filter whose expression gives nothing would otherwise let
 * everything through.
 *
 * @param context of a delivery, of the execution that it started, or of the publication
 * @throws UnusableSetting for a setting that is set and can't be used; an ExpressionError for an expression that fails
 */
export function readSettings(context: SettingsContext): TriggerSettings {
	const authentication = parameter(context, 'authentication', 'Authentication');
	const isV3 = oneOf(authentication, ['apiKey', 'oAuth2'], 'apiKey') === 'apiKey';
	const setup = parameter(context, 'webhookSetup', 'Webhook Setup');
	const filters = collection(context, 'filters', 'Filters', FILTERS);
	const options = collection(context, 'options', 'Options', OPTIONS);
	return {
		automatic: isV3 && oneOf(setup, ['automatic', 'manual'], 'automatic') === 'automatic',
		filters: {
			// API v1 knows status changes only, and names no workflow: its form has neither field.
			events: isV3 ? readEvents(context) : undefined,
			workflows: isV3 ? texts(filters('workflows')) : undefined,
			...readStartOn(context),
			environment: oneOf(filters('environment'), ['all', 'live', 'sandbox'], 'all'),
			includeTests: flag(filters('includeTests'), false),
		},
		toleranceSeconds:
			positive(options('toleranceSeconds'), MAX_TOLERANCE_SECONDS) ?? DEFAULT_TOLERANCE_SECONDS,
		output: {
			mode: oneOf(parameter(context, 'output', 'Output'), OUTPUT_MODES, 'simplified'),
			chosen: texts(parameter(context, 'outputFields', 'Output Fields')) ?? [],
			ageOver: positive(parameter(context, 'ageOver', 'Age Over (Years)'), MAX_AGE) ?? 18,
		},
		confirm: flag(options('confirmWithDidit'), false),
		dropRepeats: flag(options('dropRepeats'), true),
		keepDestination: readKeepDestination(context),
		downloads: readDownloadOptions({
			downloadFiles: texts(options('downloadFiles')),
			maxFileSize: positive(options('maxFileSize'), Number.MAX_SAFE_INTEGER),
		}),
	};
}

/**
 * The events that the builder chose (values of `webhook_type`), or `undefined` when none is chosen.
 *
 * @throws UnusableSetting when what stands in their place gives no event
 */
export function readEvents(context: SettingsContext): string[] | undefined {
	return texts(parameter(context, 'events', 'Trigger On'));
}

/**
 * Whether the destination stays at Didit when the workflow is unpublished.
 *
 * @throws UnusableSetting when it can't be told
 */
export function readKeepDestination(context: SettingsContext): boolean {
	return flag(collection(context, 'options', 'Options', OPTIONS)('keepDestination'), false);
}

/**
 * The statuses that start the workflow.
 *
 * Results and Every Status Change are about status changes, and leave corrections of a session's data to 'Trigger On'. Who names the
 * statuses wants no other session, whatever became of it.
 */
function readStartOn(context: SettingsContext): Pick<EventFilters, 'statuses' | 'statusesOf'> {
	const startOn = parameter(context, 'startOn', 'Start On');
	const statuses = parameter(context, 'statuses', 'Statuses');
	const chosen = texts(statuses);
	switch (oneOf(startOn, ['results', 'everyStatus', 'theseStatuses'], 'results')) {
		case 'results':
			return { statuses: RESULTS, statusesOf: 'statusChange' };
		case 'everyStatus':
			return { statuses: undefined, statusesOf: 'statusChange' };
		case 'theseStatuses':
			// Nothing chosen is neither every status nor none.
			return {
				statuses: chosen ?? statuses.refuse('one status or more'),
				statusesOf: 'session',
			};
	}
}

/** One field as the builder left it. */
interface Setting {
	/** What is stored; `undefined` when nothing is. The text of an expression begins with `=`. */
	stored: unknown;
	/** What it gives now. */
	value: unknown;
	/** @throws UnusableSetting always */
	refuse: (wanted: string) => never;
}

type SettingsContext = IExecuteFunctions | IHookFunctions | IWebhookFunctions;

function parameter(context: SettingsContext, name: string, label: string): Setting {
	const read = (rawExpressions: boolean): unknown =>
		'getInputData' in context
			? context.getNodeParameter(name, 0, null, { rawExpressions })
			: context.getNodeParameter(name, null, { rawExpressions });
	const stored = read(true) ?? undefined;
	return settingOf(context, label, stored, holdsExpression(stored) ? read(false) : stored);
}

/** Whether n8n has something to evaluate, which costs it more than to look. */
function holdsExpression(stored: unknown): boolean {
	return typeof stored === 'object' && stored !== null
		? Object.values(stored).some(holdsExpression)
		: typeof stored === 'string' && stored.startsWith('=');
}

/**
 * How to read a field of a collection. n8n drops an expression in the place of a whole collection before a node sees it (getNodeParameters
 * in n8n's node-helpers.js); should a later n8n not do so, it is refused.
 */
function collection<Labels extends Record<string, string>>(
	context: SettingsContext,
	name: string,
	label: string,
	labels: Labels,
): (key: keyof Labels & string) => Setting {
	const { stored, value, refuse } = parameter(context, name, label);
	if (stored !== undefined && !isObject(stored)) refuse('a collection of fields');
	return (key) => settingOf(context, labels[key] ?? key, own(stored, key), own(value, key));
}

function settingOf(
	context: SettingsContext,
	label: string,
	stored: unknown,
	value: unknown,
): Setting {
	const refuse = (wanted: string): never => {
		throw new UnusableSetting(
			context.getNode(),
			`The setting '${label}' can't be used: it gives ${described(value)}, and has to be ${wanted}. Correct it or remove it.`,
		);
	};
	return { stored, value, refuse };
}

/** The texts of a multi-select. An expression in its place may also give them as one text, separated by commas. */
function texts({ stored, value, refuse }: Setting): string[] | undefined {
	if (stored === undefined || isEmptyList(stored)) return undefined;
	const entries = (Array.isArray(value) ? (value as unknown[]) : [value]).map(piecesOf);
	const isUsable = entries.length > 0 && entries.every((pieces) => pieces.length > 0);
	return isUsable ? entries.flat() : refuse('text or a list of texts');
}

function piecesOf(text: unknown): string[] {
	if (typeof text !== 'string') return [];
	const pieces = text.split(',').map((piece) => piece.trim());
	return pieces.filter((piece) => piece !== '');
}

function oneOf<T extends string>(
	{ stored, value, refuse }: Setting,
	values: readonly T[],
	otherwise: T,
): T {
	if (stored === undefined) return otherwise;
	return values.find((known) => known === value) ?? refuse(`one of ${values.join(', ')}`);
}

function flag({ stored, value, refuse }: Setting, otherwise: boolean): boolean {
	if (stored === undefined) return otherwise;
	return typeof value === 'boolean' ? value : refuse('true or false');
}

function positive({ stored, value, refuse }: Setting, max: number): number | undefined {
	if (stored === undefined) return undefined;
	return typeof value === 'number' && value > 0 && value <= max
		? value
		: refuse(`a number above 0 and up to ${max}`);
}

function isEmptyList(value: unknown): boolean {
	return Array.isArray(value) && value.length === 0;
}

/** What a value is, in words. Never the value itself: it may be what nobody is to read in a log. */
function described(value: unknown): string {
	if (value === undefined || value === null) return 'nothing';
	if (isEmptyList(value)) return 'an empty list';
	if (Array.isArray(value)) return 'a list in which an entry is empty or no text';
	if (typeof value === 'string') return value.trim() === '' ? 'an empty text' : 'a text';
	if (typeof value === 'object') return 'an object';
	return typeof value === 'number' ? 'a number' : 'true or false';
}
