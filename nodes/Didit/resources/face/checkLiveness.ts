import type { PassiveLiveness } from '../../../../contract/face';
import { check } from '../../operation/check';
import { NO_FILES } from '../../operation/tools';
import { faceForm, LIVENESS_THRESHOLD, ROTATE, USER_IMAGE } from './fields';

/** Tells a living person from a photo, screen or mask by one picture (docs.didit.me, Passive Liveness). */
export const checkLiveness = check<PassiveLiveness>({
	option: {
		name: 'Check Liveness',
		value: 'checkLiveness',
		action: 'Check liveness of face',
		description: 'Tell a living person from a photo, screen or mask, by one picture',
	},
	notForTools: NO_FILES,
	path: '/v3/passive-liveness/',
	fields: [USER_IMAGE],
	additional: { ...LIVENESS_THRESHOLD, ...ROTATE },
	request: faceForm,
	result: {
		key: 'liveness',
		simplified: ['score', 'face_quality', 'face_luminance'],
		more: ['method', 'user_image', 'warnings'],
	},
});
