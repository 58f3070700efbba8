import type { INodeProperties } from 'n8n-workflow';

import type { DocumentAi, ExtractedField } from '../../../../contract/document';
import { isObject } from '../../../shared/values';
import { check } from '../../operation/check';
import { flag, oneOf, text, type Convert } from '../../operation/convert';
import * as entry from '../../operation/entries';
import { DOCUMENT_FILE, fileField, fileForm, readFile, type FileRule } from '../../operation/file';
import { NO_FILES } from '../../operation/tools';

const FILE: FileRule = {
	types: [...DOCUMENT_FILE.types, 'zip'],
	maxMegabytes: 30,
	takes: 'a PDF, ZIP, JPEG, PNG, WebP or TIFF',
};
const TYPES = ['date', 'number', 'text'] as const;
const MAX_FIELDS = 30;

const row = {
	instruction: entry.text('Instruction', 'e.g. The amount that is paid out, after tax'),
	key: entry.text('Key', 'e.g. net_salary'),
	name: entry.text('Name', 'e.g. Net salary'),
	required: entry.flag('Required', 'Whether a document without it is declined'),
	type: entry.choice('Type', TYPES, 'text'),
};
const valueOf = (name: keyof typeof row): INodeProperties => ({ ...row[name][0], name });

const FIELDS: INodeProperties = {
	displayName: 'Fields to Extract',
	name: 'fields',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	required: true,
	placeholder: 'Add Field',
	default: {},
	description: 'What to read from the document, at most 30 values',
	options: [
		{
			displayName: 'Field',
			name: 'values',
			values: [
				valueOf('key'),
				valueOf('name'),
				valueOf('type'),
				valueOf('required'),
				valueOf('instruction'),
			],
		},
	],
};

/** The rows of the field; nothing when there is none. */
const rows: Convert<ExtractedField[]> = (value, field) => {
	const values = isObject(value) ? value.values : undefined;
	if (!Array.isArray(values) || values.length === 0) return undefined;
	if (values.length > MAX_FIELDS) {
		return field.refuse(`'${field.label}' may have ${MAX_FIELDS} rows at most.`);
	}
	const fields = (values as unknown[]).map((one): ExtractedField => {
		const given = isObject(one) ? one : {};
		const key = text(given.key, field)?.trim();
		const name = text(given.name, field)?.trim();
		if (key === undefined || name === undefined) {
			return field.refuse(`Each row of '${field.label}' needs a key and a name.`);
		}
		return {
			key,
			name,
			instruction: text(given.instruction, field),
			type: oneOf(TYPES)(given.type, field) ?? 'text',
			required: flag(given.required, field) ?? false,
		};
	});
	if (new Set(fields.map(({ key }) => key)).size < fields.length) {
		return field.refuse(`Two rows of '${field.label}' have the same key.`);
	}
	return fields;
};

/** Reads values of your own choice from a document of any kind (docs.didit.me, Document AI). */
export const extractData = check<Omit<DocumentAi, 'fields'>>({
	option: {
		name: 'Extract Data',
		value: 'extractData',
		action: 'Extract data from document',
		description: 'Read the values that you name from a payslip, contract or any other document',
	},
	notForTools: NO_FILES,
	path: '/v3/document-ai/',
	fields: [{ ...fileField('Document', FILE)[0], name: 'document', required: true }, FIELDS],
	additional: {
		expected_company_name: entry.text('Expected Company Name'),
		expected_first_name: entry.text('Expected First Name'),
		expected_last_name: entry.text('Expected Last Name'),
	},
	async request(input, additional) {
		const { expected_company_name: company, expected_first_name: first } = additional;
		if (company !== undefined && (first ?? additional.expected_last_name) !== undefined) {
			input.refuse(
				"The expected names can't be used",
				'Didit compares the name of a person or of a company, not both: remove one.',
			);
		}
		const fields = input.required('fields', rows, 'Add a row for each value that you want.');
		const document = await readFile(input, input.text('document'), 'document', FILE);
		return fileForm({ ...additional, fields }, document);
	},
	result: {
		key: 'document_ai',
		simplified: ['extracted_data', 'name_match_score'],
		more: ['detected_codes', 'fields', 'warnings'],
	},
});
