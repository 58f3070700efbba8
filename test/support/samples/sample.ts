import type { IDataObject, INodeParameters } from 'n8n-workflow';

export interface SentRequest {
	method: string;
	/** With the query. */
	path: string;
	body?: IDataObject;
	/** Headers of the operation's own. */
	headers?: Record<string, string>;
}

export interface Sample {
	resource: string;
	operation: string;
	/** Client ID and client secret. */
	isV1?: boolean;
	/** The least that it takes. */
	parameters: INodeParameters;
	request: SentRequest;
	/** What the operation reads before its request, as often as it likes. */
	lookups?: Array<{ path: string; answer: IDataObject }>;
	/** What Didit answers; text for a file. */
	answer: IDataObject | string;
	/** The JSON that goes on. */
	output: IDataObject;
	/** Every field and option set, and what is sent then. */
	all: { parameters: INodeParameters; request: SentRequest };
	/** A field that differs between items, and what is sent for one of them; not for an operation that takes one item. */
	ofItem?: { parameters: INodeParameters; values: string[]; request(value: string): SentRequest };
	/** Fields that are left out when an expression gives nothing. */
	mayBeEmpty: string[];
	/** Fields that take an object, or do no harm whatever they are. */
	mayBeAnything?: string[];
}

/** Text of a picture in base64, in the binary field `photo` of each item. */
export const PHOTO = Buffer.from('ffd8ffe000104a464946', 'hex').toString('base64');
