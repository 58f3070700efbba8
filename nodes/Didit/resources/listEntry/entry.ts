/** What is put on a list: a value, what a session has of it, or the image of a face (docs.didit.me, Lists). */
import type { INodeProperties } from 'n8n-workflow';

import type { CreateEntry, UploadFace } from '../../../../contract/list';
import type { DiditRequest } from '../../../shared/api';
import { flatShape } from '../../../shared/output';
import { text, uuid } from '../../operation/convert';
import * as entry from '../../operation/entries';
import { readImage } from '../../operation/image';
import type { Input } from '../../operation/input';
import { readSessionId, SESSION_ID } from '../../operation/sessionId';

/** Didit does not say how large the image may be; this is the limit of its other images of faces (docs.didit.me, Face Match). */
const MAX_FACE_MEGABYTES = 5;

const SOURCES = ['image', 'session', 'value'] as const;
export type Source = (typeof SOURCES)[number];

export const readSource = (input: Input): Source => input.oneOf('source', SOURCES);

const notes = {
	comment: entry.text('Comment', 'e.g. Reported as fraud'),
	display_label: entry.text('Label', 'e.g. Case 42'),
};
const references = {
	...notes,
	metadata: entry.json('Metadata', 'A JSON object of your own'),
	reference_object_uuid: entry.text('Reference Object ID', undefined, uuid),
};
/** For each source, what can be added. */
const additional = {
	image: entry.additionalFields<Omit<UploadFace, 'image'>>(notes),
	session: entry.additionalFields<Omit<CreateEntry, 'reference_session_id'>>({
		...references,
		value: [
			{
				...entry.text('Value')[0],
				description: 'Which one of the session, where it has several',
			},
			text,
		],
	}),
	value: entry.additionalFields<Omit<CreateEntry, 'reference_session_id' | 'value'>>(references),
};

const forSource = (source: Source, field: INodeProperties): INodeProperties => ({
	...field,
	displayOptions: { show: { source: [source] } },
});

export const ENTRY_FIELDS: INodeProperties[] = [
	{
		displayName: 'Entry From',
		name: 'source',
		type: 'options',
		noDataExpression: true,
		default: 'value',
		options: [
			{
				name: 'Face Image',
				value: 'image',
				description: 'A JPEG, PNG or WebP file; for the entry type Face only',
			},
			{
				name: 'Session',
				value: 'session',
				description: 'What a session holds of this entry type, such as its document or face',
			},
			{ name: 'Value', value: 'value', description: 'A value that you have, such as a number' },
		],
	},
	forSource('value', {
		...entry.text('Value', 'e.g. +34600000001')[0],
		name: 'value',
		required: true,
		description: 'Didit compares without regard to capital letters',
	}),
	forSource('session', SESSION_ID),
	forSource('image', {
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		required: true,
		default: 'data',
		hint: 'The name of the input field that holds the image',
	}),
	...SOURCES.map((source) => forSource(source, additional[source].field)),
];

/** The request that puts the entry on a list, without the list's path. */
export async function readEntry(
	input: Input,
): Promise<Pick<DiditRequest, 'method' | 'path' | 'body'>> {
	const source = readSource(input);
	const add = (body: CreateEntry) => ({
		method: 'POST' as const,
		path: 'entries/',
		body: { ...body },
	});
	switch (source) {
		case 'value':
			return add({
				value: input.text('value'),
				...input.collection('additionalFields', additional.value.table),
			});
		case 'session':
			return add({
				reference_session_id: readSessionId(input),
				...input.collection('additionalFields', additional.session.table, {
					remedy: 'Give it a value, or remove the field.',
				}),
			});
		case 'image':
			return {
				method: 'POST',
				path: 'entries/face-upload/',
				body: {
					...input.collection('additionalFields', additional.image.table),
					image: await readImage(
						input,
						input.text('binaryPropertyName'),
						'face image',
						MAX_FACE_MEGABYTES,
						false,
					),
				} satisfies UploadFace,
			};
	}
}

/** A row has ten keys (payload `list-entries-response.json`); `metadata` can hold a link to the image of a face. */
export const entryShape = flatShape({
	ids: [
		'uuid',
		'added_by',
		'reference_session_id',
		'reference_session_number',
		'reference_object_uuid',
		'created_at',
	],
	simplified: [
		'uuid',
		'value',
		'display_label',
		'comment',
		'added_by',
		'reference_session_id',
		'reference_session_number',
		'reference_object_uuid',
		'created_at',
	],
	more: ['metadata'],
});
