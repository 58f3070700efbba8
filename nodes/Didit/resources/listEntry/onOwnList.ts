import type { IExecuteFunctions, INodePropertyOptions } from 'n8n-workflow';

import type { EntryType, ListFilters } from '../../../../contract/list';
import { allRows } from '../../../shared/api';
import { ENTRY_TYPE_OPTIONS, ENTRY_TYPES } from '../../lists';
import { oneRequest } from '../../operation/define';
import { mustChoose } from '../../operation/entries';
import type { Input } from '../../operation/input';
import { ENTRY_FIELDS, entryShape, readEntry, readSource } from './entry';

/** The lists that an execution has found, by type: they are looked up once, and not again with each item. */
const found = new WeakMap<IExecuteFunctions, Map<string, string>>();

/**
 * The list that takes entries of this type: Didit's own where there is one, else the only one.
 *
 * @returns its path
 * @throws NodeOperationError where there is none, or several of the builder's own
 */
async function pathOfList(
	input: Input,
	list_type: 'allowlist' | 'blocklist',
	entry_type: EntryType,
): Promise<string> {
	const { context, itemIndex } = input;
	const known = found.get(context) ?? new Map<string, string>();
	found.set(context, known);
	const key = `${list_type} ${entry_type}`;
	const before = known.get(key);
	if (before !== undefined) return before;

	const rows = await allRows(context, {
		of: 'lists',
		id: 'uuid',
		request: { path: '/v3/lists/', qs: { list_type, entry_type } satisfies ListFilters, itemIndex },
	});
	// An entry on the wrong list could let somebody in: what Didit answers is held to what was asked.
	const fitting = rows.filter(
		(row) => row.list_type === list_type && row.entry_type === entry_type,
	);
	const own = fitting.filter((row) => row.is_system === true);
	const [list, ...others] = own.length > 0 ? own : fitting;
	const type = ENTRY_TYPE_OPTIONS.find(({ value }) => value === entry_type)?.name;
	if (list === undefined) {
		return input.refuse(
			`There is no ${list_type} for the entry type ${type}`,
			list_type === 'allowlist'
				? "Create one with the operation 'Create' of 'List', and run the node again."
				: 'Didit has no blocklist for this entry type. Choose another one.',
		);
	}
	if (others.length > 0) {
		return input.refuse(
			`There are several lists of the type ${list_type} for the entry type ${type}`,
			'Use the operation Add, and choose the list there.',
		);
	}
	const path = `/v3/lists/${String(list.uuid)}/`;
	known.set(key, path);
	return path;
}

/** An operation that finds its list by itself. */
const onOwnList = (list_type: 'allowlist' | 'blocklist', option: INodePropertyOptions) =>
	oneRequest({
		option,
		apiKeyOnly: true,
		idKey: 'uuid',
		fields: [mustChoose('Entry Type', 'entryType', ENTRY_TYPE_OPTIONS), ...ENTRY_FIELDS],
		shape: entryShape,
		async request(input) {
			const type = input.oneOf('entryType', ENTRY_TYPES);
			const source = readSource(input);
			if (type === 'face' ? source === 'value' : source === 'image') {
				input.refuse(
					"'Entry From' can't be used",
					'A face comes from a session or from an image, and an image is for the entry type Face only.',
				);
			}
			const { path, ...request } = await readEntry(input);
			return { ...request, path: `${await pathOfList(input, list_type, type)}${path}` };
		},
	});

export const allow = onOwnList('allowlist', {
	name: 'Allow',
	value: 'allow',
	action: 'Add value, session data or face to allowlist',
	description: 'Put it on the allowlist of its entry type',
});

export const block = onOwnList('blocklist', {
	name: 'Block',
	value: 'block',
	action: 'Add value, session data or face to blocklist',
	description: 'Put it on the blocklist of its entry type: who comes with it is declined',
});
