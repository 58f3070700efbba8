import { NodeOperationError } from 'n8n-workflow';
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	NodeParameterValueType,
} from 'n8n-workflow';

import { authenticationOf } from '../../shared/api';
import { isObject, own } from '../../shared/values';
import { flag, oneOf, text, type Convert, type Field } from './convert';

/** For each key that may be sent, how its field is read. */
export type Table<Body> = { [Key in keyof Body]?: Convert<NonNullable<Body[Key]>> };

/**
 * What becomes of a field that is set and gives nothing, where leaving it out would do something else than the builder asked for: list
 * everybody, compare with nothing. Without it such a field is left out.
 */
export interface NeverEmpty {
	/** What the fields are, for the message: `filter`. */
	kind?: string;
	/** What to do about it. */
	remedy: string;
	/** Keys that are refused even as they are when the builder has just added them. */
	always?: string[];
}

/** As a field stands when the builder has added it and done nothing else. */
const isUntouched = (raw: unknown) => raw === '' || (Array.isArray(raw) && raw.length === 0);

/**
 * The parameters of one item: the only place where a builder's value is read. What comes out can be sent; everything else is refused
 * before the operation's first request.
 */
export class Input {
	constructor(
		readonly context: IExecuteFunctions,
		readonly itemIndex: number,
		private readonly fields: INodeProperties[],
	) {}

	/** Whether the node uses client ID and client secret, which belong to API v1. */
	get isV1(): boolean {
		return authenticationOf(this.context) === 'oAuth2';
	}

	/** @throws NodeOperationError for an operation that API v1 doesn't have, when the node uses client ID and client secret */
	requireApiKey(): void {
		if (!this.isV1) return;
		this.refuse(
			'This operation needs an API key',
			"Didit's API v1, which the client ID and client secret are for, doesn't have it. Choose a Didit API credential (API key) in 'Credential', or another operation. Where n8n shows the field, set 'Authentication' to 'API Key'.",
		);
	}

	/** @throws NodeOperationError always, naming the item */
	refuse(message: string, description: string): never {
		throw new NodeOperationError(this.context.getNode(), message, {
			itemIndex: this.itemIndex,
			description,
		});
	}

	/** A field that may be left empty: undefined then, or refused where an expression is what gave nothing. */
	optional<T>(name: string, convert: Convert<T>, never?: NeverEmpty): T | undefined {
		const label = this.labelOf(name);
		const value = convert(this.value(name), this.field(label));
		if (value === undefined && !isUntouched(this.raw(name))) this.refuseEmpty(label, never);
		return value;
	}

	/**
	 * A field that has to have a value.
	 *
	 * @param hint what to do about an empty one
	 */
	required<T>(name: string, convert: Convert<T>, hint?: string): T {
		const field = this.field(this.labelOf(name));
		return (
			convert(this.value(name), field) ??
			field.refuse(hint ?? `'${field.label}' is empty. Drag a value here, or type one.`)
		);
	}

	text(name: string): string {
		return this.required(name, text);
	}

	flag(name: string): boolean {
		return this.required(name, flag);
	}

	oneOf<const T extends string>(name: string, values: readonly T[]): T {
		return this.required(name, oneOf(values));
	}

	/**
	 * The keys of a collection that the table names, each as its converter gives it; what is empty is left out.
	 *
	 * @param never refuses a field that is set and empty
	 */
	collection<Body>(name: string, table: Table<Body>, never?: NeverEmpty): Partial<Body> {
		const raw = this.raw(name);
		const given = this.value(name, {});
		// n8n makes a collection of whatever stands in its place, with the keys of its options alone.
		if (!isObject(given)) {
			return this.field(this.labelOf(name)).refuse('Add its fields one by one.');
		}
		const body: Partial<Body> = {};
		for (const key in table) {
			if (!Object.keys(given).includes(key)) continue;
			const label = this.labelOf(name, key);
			const value = table[key]?.(given[key], this.field(label));
			if (value !== undefined) {
				body[key] = value;
			} else if (never?.always?.includes(key) || !isUntouched(own(raw, key))) {
				this.refuseEmpty(label, never);
			}
		}
		return body;
	}

	/**
	 * What the collection Update Fields is to change.
	 *
	 * @throws NodeOperationError for nothing at all, and for a field that is set and empty: it would be left as it is
	 */
	changes<Body>(table: Table<Body>): Partial<Body> {
		const body = this.collection('updateFields', table, {
			remedy: 'Give it a value, or remove the field to leave it as it is.',
		});
		return Object.keys(body).length > 0
			? body
			: this.refuse('There is nothing to update', "Add what is to change under 'Update Fields'.");
	}

	/** The output item of this input item. */
	item(json: IDataObject, more: Partial<INodeExecutionData> = {}): INodeExecutionData {
		return { json, ...more, pairedItem: { item: this.itemIndex } };
	}

	private value(name: string, fallback: NodeParameterValueType = ''): unknown {
		// Only a resource locator has something to extract, and n8n refuses to for a field that is not shown.
		const extractValue = own(this.raw(name), '__rl') === true;
		return this.context.getNodeParameter(name, this.itemIndex, fallback, { extractValue });
	}

	/** As the builder left it: an expression begins with `=`. */
	private raw(name: string): unknown {
		return this.context.getNodeParameter(name, this.itemIndex, '', { rawExpressions: true });
	}

	private field(label: string): Field {
		return {
			label,
			timeZone: this.context.getTimezone(),
			refuse: (hint, message = `'${label}' can't be used`) => this.refuse(message, hint),
		};
	}

	private refuseEmpty(label: string, never: NeverEmpty | undefined): void {
		if (never === undefined) return;
		const what = never.kind === undefined ? `'${label}'` : `The ${never.kind} '${label}'`;
		this.refuse(`${what} is empty`, never.remedy);
	}

	/** The name on the screen of a field, or of one inside a collection. */
	private labelOf(name: string, key?: string): string {
		// One that changes with others stands there once for each of its forms.
		const fields = this.fields.filter((one) => one.name === name);
		const options = fields.flatMap((field) => (field.options ?? []) as INodeProperties[]);
		const found = key === undefined ? fields[0] : options.find((one) => one.name === key);
		return found?.displayName ?? key ?? name;
	}
}
