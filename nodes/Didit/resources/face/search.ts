import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { FaceSearch } from '../../../../contract/face';
import { own } from '../../../shared/values';
import { check } from '../../operation/check';
import { oneOf } from '../../operation/convert';
import type { Entry } from '../../operation/entries';
import { NO_FILES } from '../../operation/tools';
import { faceForm, ROTATE, USER_IMAGE } from './fields';

const TYPES = ['blocklisted_or_approved', 'most_similar'] as const;
const SEARCH_TYPE: Omit<INodeProperties, 'name'> = {
	displayName: 'Search Type',
	type: 'options',
	default: 'most_similar',
	options: [
		{
			name: 'Blocklisted or Approved',
			value: 'blocklisted_or_approved',
			description: 'Faces of the blocklist and of approved sessions only',
		},
		{ name: 'Most Similar', value: 'most_similar' },
	],
};
const searchType: Entry<(typeof TYPES)[number]> = [SEARCH_TYPE, oneOf(TYPES)];

const matchesOf = ({ matches }: IDataObject): unknown[] | undefined =>
	Array.isArray(matches) ? matches : undefined;

const similarityOf = (match: unknown) => Number(own(match, 'similarity_percentage') ?? 0);

/** The most similar of the faces that were found; undefined for none. */
const bestOf = (result: IDataObject): unknown =>
	matchesOf(result)?.toSorted((a, b) => similarityOf(b) - similarityOf(a))[0];

/**
 * Looks for a face among those that Didit knows (docs.didit.me, Face Search). Only a face of the blocklist is declined: a person who is
 * there already is approved, with a reason.
 */
export const search = check<FaceSearch>({
	option: {
		name: 'Search',
		value: 'search',
		action: 'Search for face',
		description: 'Find the same face among your sessions and on your blocklist',
	},
	notForTools: NO_FILES,
	path: '/v3/face-search/',
	fields: [USER_IMAGE],
	additional: { ...ROTATE, search_type: searchType },
	request: faceForm,
	result: {
		key: 'face_search',
		simplified: ['total_matches', 'is_blocklisted', 'best_similarity', 'best_session_id'],
		more: ['matches', 'user_image', 'warnings'],
		readers: {
			is_blocklisted: (result) => matchesOf(result)?.some((one) => own(one, 'is_blocklisted')),
			best_similarity: (result) => own(bestOf(result), 'similarity_percentage'),
			best_session_id: (result) => own(bestOf(result), 'session_id'),
		},
	},
});
