/** How much of Didit's answer goes on. n8n stores what a node gives out, so that what is left out here is nowhere in n8n. */
import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

export const OUTPUT_MODES = ['idsAndStatus', 'raw', 'selectedFields', 'simplified'] as const;
export type OutputMode = (typeof OUTPUT_MODES)[number];

/** What the builder chose. */
export interface OutputSettings {
	mode: OutputMode;
	/** For Selected Fields: values of the shape's `fields`. */
	chosen: readonly string[];
	/** The age that `age_over_N` asks about, in years; for a decision only. */
	ageOver: number;
}

/** How an answer of Didit can go on. None of the functions throws, whatever the answer holds. */
export interface Shape {
	/** What Selected Fields offers, in the order of use. */
	fields: INodePropertyOptions[];
	/** At most ten flat keys, as n8n's UX guidelines ask, always all of them: null where Didit gives none. */
	simplified(answer: IDataObject): IDataObject;
	/** Without a name, number, date, address, link to an image, text of a warning, or metadata. */
	idsAndStatus(answer: IDataObject): IDataObject;
	/** The IDs and the status, and behind them the chosen fields. */
	selected(answer: IDataObject, settings: OutputSettings): IDataObject;
}

/** Whether a name that an expression gave can be a key of an item: where n8n copies one key by key, this one sets its prototype. */
const isKey = (name: string) => name !== '__proto__';

/** The answer as it goes on. */
export function shaped(shape: Shape, answer: IDataObject, settings: OutputSettings): IDataObject {
	switch (settings.mode) {
		case 'raw':
			return answer;
		case 'idsAndStatus':
			return shape.idsAndStatus(answer);
		case 'selectedFields':
			return shape.selected(answer, { ...settings, chosen: settings.chosen.filter(isKey) });
		case 'simplified':
			return shape.simplified(answer);
	}
}

/** The fields in which a builder chooses it. */
export function outputFields({ fields }: Pick<Shape, 'fields'>): INodeProperties[] {
	const ofSelected = { output: ['selectedFields'] };
	const age: INodeProperties = {
		displayName: 'Age Over (Years)',
		name: 'ageOver',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 130 },
		default: 18,
		description: 'The age that the field Age Over asks about',
		displayOptions: { show: { ...ofSelected, outputFields: ['age_over'] } },
	};
	return [
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			default: 'simplified',
			description:
				"How much of Didit's answer the node outputs. What it leaves out is stored nowhere in n8n.",
			options: [
				{
					name: 'IDs and Status Only',
					value: 'idsAndStatus',
					description: 'Nothing about the person but your own vendor data',
				},
				{ name: 'Raw', value: 'raw', description: 'Everything, as Didit gave it' },
				{
					name: 'Selected Fields',
					value: 'selectedFields',
					description: 'The IDs, the status, and the fields that you choose',
				},
				{
					name: 'Simplified',
					value: 'simplified',
					description: 'The fields that most workflows need, always all of them',
				},
			],
		},
		{
			displayName: 'Output Fields',
			name: 'outputFields',
			type: 'multiOptions',
			default: [],
			options: fields,
			description: 'What the node outputs beside the IDs and the status',
			displayOptions: { show: ofSelected },
		},
		...(fields.some(({ value }) => value === 'age_over') ? [age] : []),
	];
}

type Reader = (answer: IDataObject) => unknown;

interface Keys {
	/** Keys of IDs and status, none of them about a person. A list names keys of the answer itself. */
	ids: string[];
	/** The simplified keys, among them those of `ids` that most workflows need. */
	simplified: string[];
	/** What Selected Fields offers besides. */
	more?: string[];
	/** For a key that is not one of the answer itself: where it comes from. */
	readers?: Record<string, Reader>;
}

/** The shape of an answer that is flat, or of which a few values lie deeper. */
export function flatShape({ ids, simplified, more = [], readers = {} }: Keys): Shape {
	const read = (answer: IDataObject, key: string) => {
		const value = Object.hasOwn(readers, key)
			? readers[key]?.(answer)
			: Object.hasOwn(answer, key)
				? answer[key]
				: null;
		return (value ?? null) as IDataObject[string];
	};
	const pick = (answer: IDataObject, keys: readonly string[]): IDataObject =>
		Object.fromEntries(keys.map((key) => [key, read(answer, key)]));
	const offered = [...new Set([...simplified, ...more])].filter((key) => !ids.includes(key));
	return {
		fields: offered.map((value) => ({ name: titleOf(value), value })),
		simplified: (answer) => pick(answer, simplified),
		idsAndStatus: (answer) => pick(answer, ids),
		// A name that an expression gives may be any text, and is a key of the answer only if it is offered.
		selected: (answer, { chosen }) => ({
			...pick(answer, ids),
			...Object.fromEntries(
				chosen.map((key) => [key, offered.includes(key) ? read(answer, key) : null]),
			),
		}),
	};
}

const CAPITALS = new Set(['aml', 'id', 'ip', 'nfc', 'pdf', 'poa', 'ubo', 'url', 'vpn']);

/** `full_name` becomes `Full Name`. */
function titleOf(key: string): string {
	return key
		.split('_')
		.map((word) =>
			CAPITALS.has(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1),
		)
		.join(' ');
}
