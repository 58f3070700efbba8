import type { INodeProperties } from 'n8n-workflow';

import { FACE_FILE, fileField, fileForm, readFile } from '../../operation/file';
import * as entry from '../../operation/entries';
import type { Input } from '../../operation/input';

export const USER_IMAGE: INodeProperties = {
	...fileField('Face Image', FACE_FILE)[0],
	name: 'userImage',
	required: true,
};

export const ROTATE = {
	rotate_image: entry.flag('Rotate', 'Whether to look for a face that is not upright'),
};

export const LIVENESS_THRESHOLD = {
	face_liveness_score_decline_threshold: entry.score('Liveness Threshold', 30),
};

/** The form of a check that looks at one face. */
export const faceForm = async (input: Input, fields: object) =>
	fileForm(fields, await readFile(input, input.text('userImage'), 'user_image', FACE_FILE));
