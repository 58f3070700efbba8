import age from '../../fixtures/payloads/check-age-estimation-response.json';
import matched from '../../fixtures/payloads/check-face-match-response.json';
import found from '../../fixtures/payloads/check-face-search-response.json';
import alive from '../../fixtures/payloads/check-passive-liveness-response.json';
import { fileSent } from '../multipart';
import { PHOTO, type Sample } from './sample';

const USER_IMAGE = fileSent('user_image.jpg', 'image/jpeg', PHOTO);
const REF_IMAGE = fileSent('ref_image.jpg', 'image/jpeg', PHOTO);

const COMMON = {
	metadata: '{ "ref": 1 }',
	rotate_image: true,
	save_api_request: false,
	vendor_data: 'user-1',
};
const COMMON_SENT = {
	metadata: '{"ref":1}',
	rotate_image: 'true',
	save_api_request: 'false',
	vendor_data: 'user-1',
};

/** A check of faces: all of them take the same, but for a few fields. */
function sample(
	operation: string,
	path: string,
	answer: Sample['answer'],
	output: object,
	own: Record<string, number | string>,
	second: { refImage?: string } = {},
): Sample {
	const parameters = { userImage: 'photo', ...second };
	const files = { user_image: USER_IMAGE, ...(second.refImage ? { ref_image: REF_IMAGE } : {}) };
	const post = (body: object) => ({ method: 'POST', path, body: { ...files, ...body } });
	const ownSent = Object.fromEntries(
		Object.entries(own).map(([name, value]) => [name, String(value)]),
	);
	const { request_id } = answer as { request_id: string };
	return {
		resource: 'face',
		operation,
		parameters,
		request: post({}),
		answer,
		output: { request_id, vendor_data: 'user-123', ...output },
		all: {
			parameters: {
				...parameters,
				additionalFields: { ...COMMON, ...own },
				output: 'selectedFields',
				outputsByResult: true,
				outputFields: ['warnings'],
			},
			request: post({ ...COMMON_SENT, ...ownSent }),
		},
		ofItem: {
			parameters: { ...parameters, additionalFields: { vendor_data: '={{ $json.value }}' } },
			values: ['user-1', 'user-2', 'user-3'],
			request: (vendor_data) => post({ vendor_data }),
		},
		mayBeEmpty: [],
		mayBeAnything: ['metadata'],
	};
}

export const FACE_SAMPLES: Sample[] = [
	sample(
		'checkLiveness',
		'/v3/passive-liveness/',
		alive,
		{ status: 'Approved', score: 95, face_quality: 84.21, face_luminance: 50.33, reasons: '' },
		{ face_liveness_score_decline_threshold: 50 },
	),
	sample(
		'estimateAge',
		'/v3/age-estimation/',
		age,
		{ status: 'Approved', age_estimation: 36.3, score: 92.4, reasons: '' },
		{ face_liveness_score_decline_threshold: 50, age_estimation_decline_threshold: 21 },
	),
	sample(
		'match',
		'/v3/face-match/',
		matched,
		{ status: 'Approved', score: 99.41, reasons: '' },
		{ face_match_score_decline_threshold: 60 },
		{ refImage: 'photo' },
	),
	sample(
		'search',
		'/v3/face-search/',
		found,
		{
			status: 'Declined',
			total_matches: 1,
			is_blocklisted: true,
			best_similarity: 98.7,
			best_session_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
			reasons: 'Invented short description',
		},
		{ search_type: 'blocklisted_or_approved' },
	),
];
