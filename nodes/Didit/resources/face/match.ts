import type { FaceMatch } from '../../../../contract/face';
import { check } from '../../operation/check';
import * as entry from '../../operation/entries';
import { FACE_FILE, fileField, fileForm, readFile } from '../../operation/file';
import { NO_FILES } from '../../operation/tools';
import { ROTATE, USER_IMAGE } from './fields';

/** Tells whether two pictures show the same person (docs.didit.me, Face Match). It is neither compared with a blocklist nor kept for it. */
export const match = check<FaceMatch>({
	option: {
		name: 'Match',
		value: 'match',
		action: 'Match two faces',
		description: 'Tell whether two pictures show the same person',
	},
	notForTools: NO_FILES,
	path: '/v3/face-match/',
	fields: [
		USER_IMAGE,
		{
			...fileField('Reference Image', FACE_FILE, 'reference')[0],
			name: 'refImage',
			required: true,
		},
	],
	additional: {
		...ROTATE,
		face_match_score_decline_threshold: entry.score('Match Threshold', 30),
	},
	request: async (input, fields) =>
		fileForm(
			fields,
			await readFile(input, input.text('userImage'), 'user_image', FACE_FILE),
			await readFile(input, input.text('refImage'), 'ref_image', FACE_FILE),
		),
	result: {
		key: 'face_match',
		simplified: ['score'],
		more: ['ref_image', 'user_image', 'warnings'],
	},
});
