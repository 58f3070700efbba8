/** The v1 decision: flat `kyc`, `aml`, `face`, `location` (identity-verification/api-reference/retrieve-session, February 2025). */

import { fixture } from '../fixtures';
import type { JsonObject } from '../json';
import type { Session } from '../state/session';
import { isoTime } from '../values';
import { type MediaUrl, result, score, warningOf } from './blocks';
import { shownUrl } from './envelope';

function faceV1(session: Session, media: MediaUrl): JsonObject | null {
	const liveness = session.results.get('LIVENESS');
	const match = session.results.get('FACE_MATCH');
	if (!result(session, 'FACE_MATCH', media) || !liveness || !match) return null;
	return {
		status: match === 'Approved' ? liveness : match,
		face_match_status: match,
		liveness_status: liveness,
		face_match_similarity: score(match, 97.99),
		liveness_confidence: score(liveness, 87.99),
		source_image: media('source.jpg'),
		target_image: media('target.jpg'),
		video_url: media('liveness.mp4'),
		age_estimation: 36.3,
		gender_estimation: { male: 0.77, female: 99.23 },
	};
}

function kycV1(session: Session, media: MediaUrl): JsonObject | null {
	const ocr = result(session, 'OCR', media);
	if (!ocr) return null;
	const copied = [
		'document_number',
		'personal_number',
		'portrait_image',
		'front_image',
		'front_video',
		'full_front_image',
		'date_of_birth',
		'expiration_date',
		'date_of_issue',
		'issuing_state',
		'issuing_state_name',
		'first_name',
		'last_name',
		'full_name',
		'gender',
		'address',
		'formatted_address',
		'nationality',
	];
	const nfc = session.results.get('NFC');
	return {
		status: ocr.status,
		ocr_status: ocr.status,
		epassport_status: nfc ?? ocr.status,
		document_type: 'Passport',
		...Object.fromEntries(copied.map((key) => [key, ocr[key]])),
		back_image: null,
		back_video: null,
		full_back_image: null,
		is_nfc_verified: nfc === 'Approved',
		parsed_address: null,
		place_of_birth: 'Villaficticia',
		marital_status: 'SINGLE',
		created_at: isoTime(session.createdAt),
	};
}

/** The v1 decision: flat `kyc`, `aml`, `face`, `location` (V1DOC retrieve-session). */
export function decisionV1(session: Session, base: string, media: MediaUrl): JsonObject {
	const aml = result(session, 'AML', media);
	const warnings = session.features.flatMap((code) => {
		const warning = result(session, code, media) && warningOf(session, code);
		return warning ? [{ ...warning, node_id: undefined }] : [];
	});
	return {
		session_id: session.id,
		session_number: session.number,
		session_url: shownUrl(session, base),
		status: session.status,
		vendor_data: session.vendorData,
		callback: session.callback,
		features: session.featuresText,
		kyc: kycV1(session, media),
		aml: aml && {
			status: aml.status,
			total_hits: aml.total_hits,
			score: aml.score,
			hits: aml.hits,
		},
		face: faceV1(session, media),
		location: session.details && { ...fixture('decision/location'), status: 'Approved' },
		warnings,
		reviews: session.reviews,
		extra_images: [],
		created_at: isoTime(session.createdAt),
	};
}
