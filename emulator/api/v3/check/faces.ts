/** Standalone checks of faces: liveness, match, search, age (docs.didit.me, standalone-apis). */

import type { Hono } from 'hono';

import type { FeatureCode } from '../../../decision/features';
import { fixture } from '../../../fixtures';
import { ApiError } from '../../../http/answers';
import type { FileRule, Form, Upload } from '../../../http/form';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { blockedBy, faceOf } from '../../../state/lists';
import { isoTime } from '../../../values';
import { addFormCheck, type Check, type CheckCall, type Result } from './run';
import { warning } from './warning';

const FACE: FileRule = {
	required: true,
	maxMegabytes: 5,
	extensions: ['tiff', 'jpg', 'jpeg', 'png', 'webp'],
};

/** Takes the place of a picture in the sandbox, where none is looked at. */
const ANYBODY: Upload | undefined = undefined;

function readFace(form: Form, name = 'user_image'): Upload | undefined {
	form.boolean('rotate_image');
	return form.file(name, FACE);
}

function percent(form: Form, name: string): number {
	return form.number(name, 0, 100) ?? 30;
}

const hasFace = (image: Upload | undefined) => !image?.says('no-face');

function foundFace(image: Upload | undefined): JsonObject {
	return fixture(hasFace(image) ? 'checks/face' : 'checks/no_face');
}

/** Why a picture is declined, if it is; `undefined` when it shows a living person who isn't blocked. */
function livenessRisk(
	image: Upload | undefined,
	threshold: number,
	call?: CheckCall,
): { risk: string; score: number } | undefined {
	if (!image) return undefined;
	if (!hasFace(image)) return { risk: 'NO_FACE_DETECTED', score: 0 };
	if (image.says('spoof')) return { risk: 'LIVENESS_FACE_ATTACK', score: 4.2 };
	const score = livenessScore(image);
	if (score <= threshold) return { risk: 'LOW_LIVENESS_SCORE', score };
	if (call && blockedBy(call.application.lists, 'face', faceOf(image.bytes))) {
		return { risk: 'FACE_IN_BLOCKLIST', score };
	}
	return undefined;
}

function livenessScore(image: Upload | undefined): number {
	return image?.says('blurred') ? 25.5 : 95;
}

interface Liveness {
	image: Upload | undefined;
	threshold: number;
}

function liveness({ image, threshold }: Liveness, call?: CheckCall): Result {
	const found = livenessRisk(image, threshold, call);
	const warnings = found ? [warning('LIVENESS', found.risk, 'Declined')] : [];
	if (image?.says('group')) {
		warnings.push(warning('LIVENESS', 'MULTIPLE_FACES_DETECTED', 'In Review'));
	}
	return fixture('checks/liveness', {
		status: found ? 'Declined' : 'Approved',
		score: found?.score ?? livenessScore(image),
		user_image: foundFace(image),
		warnings,
	}) as Result;
}

const LIVENESS: Check<Liveness, Form> = {
	path: '/v3/passive-liveness/',
	key: 'liveness',
	feature: 'LIVENESS',
	price: 0.05,
	read: (form) => ({
		image: readFace(form),
		threshold: percent(form, 'face_liveness_score_decline_threshold'),
	}),
	decide: liveness,
	approved: () => liveness({ image: ANYBODY, threshold: 30 }),
};

interface Pair {
	user: Upload | undefined;
	reference: Upload | undefined;
	threshold: number;
}

function match({ user, reference, threshold }: Pair, call?: CheckCall): Result {
	const faces = { user_image: foundFace(user), ref_image: foundFace(reference) };
	const result = (status: string, score: number | null, risk?: string) =>
		fixture('checks/face_match', {
			...faces,
			status,
			score,
			warnings: risk ? [warning('FACE_MATCH', risk, 'Declined')] : [],
		}) as Result;
	// Didit's page: null for what is kept, 0 for what is not.
	if (!hasFace(user) || !hasFace(reference)) {
		return result('Declined', call?.save ? null : 0, 'NO_REFERENCE_IMAGE');
	}
	const other = user?.says('other-person') || reference?.says('other-person');
	const score = other ? 12.5 : 99.41;
	return score > threshold
		? result('Approved', score)
		: result('Declined', score, 'LOW_FACE_MATCH_SIMILARITY');
}

const FACE_MATCH: Check<Pair, Form> = {
	path: '/v3/face-match/',
	key: 'face_match',
	feature: 'FACE_MATCH',
	price: 0.05,
	read: (form) => ({
		user: readFace(form),
		reference: readFace(form, 'ref_image'),
		threshold: percent(form, 'face_match_score_decline_threshold'),
	}),
	decide: match,
	approved: () => match({ user: ANYBODY, reference: ANYBODY, threshold: 30 }),
};

function search(image: Upload | undefined, call?: CheckCall): Result {
	if (!hasFace(image)) throw new ApiError(400, { error: 'NO_FACE_DETECTED' });
	const blocked = image && call && blockedBy(call.application.lists, 'face', faceOf(image.bytes));
	const matches = blocked
		? [
				fixture('checks/face_search_match', {
					session_id: blocked.referenceSession?.id ?? null,
					session_number: blocked.referenceSession?.number ?? null,
					source: 'list_entry',
					vendor_data: null,
					match_status: 'Declined',
					is_blocklisted: true,
					verification_date: isoTime(blocked.createdAt),
				}),
			]
		: [];
	return fixture('checks/face_search', {
		status: blocked ? 'Declined' : 'Approved',
		total_matches: matches.length,
		matches,
		user_image: foundFace(image),
		warnings: blocked ? [warning('FACE_SEARCH', 'FACE_IN_BLOCKLIST', 'Declined')] : [],
	}) as Result;
}

const FACE_SEARCH: Check<Upload | undefined, Form> = {
	path: '/v3/face-search/',
	key: 'face_search',
	feature: 'FACE_SEARCH',
	price: 0.05,
	read: (form) => {
		form.choice('search_type', ['most_similar', 'blocklisted_or_approved']);
		return readFace(form);
	},
	decide: search,
	approved: () => search(ANYBODY),
};

interface Age extends Liveness {
	minimumAge: number;
}

function estimateAge({ image, threshold, minimumAge }: Age, call?: CheckCall): Result {
	const found = livenessRisk(image, threshold, call);
	const age = image?.says('minor') ? 15.2 : 36.3;
	const young = hasFace(image) && minimumAge > 0 && age < minimumAge;
	const warnings = found ? [warning('AGE_ESTIMATION', found.risk, 'Declined')] : [];
	if (young) warnings.push(warning('AGE_ESTIMATION', 'AGE_BELOW_MINIMUM', 'Declined'));
	return fixture('checks/age_estimation', {
		status: found || young ? 'Declined' : 'Approved',
		score: found?.score ?? livenessScore(image),
		age: hasFace(image) ? age : null,
		user_image: foundFace(image),
		warnings,
	}) as Result;
}

const AGE: Check<Age, Form> = {
	path: '/v3/age-estimation/',
	key: 'age_estimation',
	feature: 'AGE_ESTIMATION' satisfies FeatureCode,
	price: 0.1,
	read: (form) => ({
		image: readFace(form),
		threshold: percent(form, 'face_liveness_score_decline_threshold'),
		minimumAge: form.number('age_estimation_decline_threshold', 0, 100) ?? 0,
	}),
	decide: estimateAge,
	approved: () => estimateAge({ image: ANYBODY, threshold: 30, minimumAge: 0 }),
};

export function addFaceRoutes(app: Hono, service: Service): void {
	addFormCheck(app, service, LIVENESS);
	addFormCheck(app, service, FACE_MATCH);
	addFormCheck(app, service, FACE_SEARCH);
	addFormCheck(app, service, AGE);
}
