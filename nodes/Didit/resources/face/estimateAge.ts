import type { AgeEstimation } from '../../../../contract/face';
import { check } from '../../operation/check';
import * as entry from '../../operation/entries';
import { NO_FILES } from '../../operation/tools';
import { faceForm, LIVENESS_THRESHOLD, ROTATE, USER_IMAGE } from './fields';

/** Estimates how old somebody is by a picture (docs.didit.me, Age Estimation). Without Minimum Age, nobody is too young. */
export const estimateAge = check<AgeEstimation>({
	option: {
		name: 'Estimate Age',
		value: 'estimateAge',
		action: 'Estimate age from face',
		description: 'Estimate how old a person is, and decline who is too young',
	},
	notForTools: NO_FILES,
	path: '/v3/age-estimation/',
	fields: [USER_IMAGE],
	additional: {
		...LIVENESS_THRESHOLD,
		...ROTATE,
		age_estimation_decline_threshold: entry.whole('Minimum Age (Years)', 1, 100, 18),
	},
	request: faceForm,
	result: {
		key: 'age_estimation',
		olderKey: 'liveness',
		simplified: ['age_estimation', 'score'],
		more: ['method', 'user_image', 'warnings'],
	},
});
