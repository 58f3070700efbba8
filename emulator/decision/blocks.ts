/** One block of a decision for each check that ran. People are invented. */

import { type JsonObject, PyFloat } from '../json';
import type { Details, Session } from '../state/session';
import { isoTime } from '../values';
import { ageAt, alpha2, countryName, fullName } from './details';
import { type FeatureCode, FEATURES } from './features';

/** Gives the presigned URL of one of a session's files. */
export type MediaUrl = (file: string) => string;

/** A score: near the limit when the check is not approved. */
export function score(status: string, good: number): PyFloat | number {
	const value = status === 'Approved' ? good : 41.5;
	return Number.isInteger(value) ? new PyFloat(value) : value;
}

export function warningOf(session: Session, code: FeatureCode): JsonObject | null {
	const { finding } = session;
	if (finding?.feature !== code) return null;
	return {
		feature: FEATURES[code].name,
		risk: finding.risk,
		additional_data: null,
		log_type: finding.status === 'Declined' ? 'error' : 'warning',
		short_description: finding.text,
		long_description: `${finding.text}. This is an invented result of the emulator.`,
		node_id: FEATURES[code].nodeId,
	};
}

interface Part {
	session: Session;
	details: Details;
	status: string;
	media: MediaUrl;
	/** epoch ms */
	at: number;
	warnings: JsonObject[];
}

const BARCELONA = { latitude: 41.4022, longitude: 2.1407 };

export const DEVICE: JsonObject = {
	device_brand: 'Apple',
	device_model: 'iPhone',
	browser_family: 'Mobile Safari',
	os_family: 'iOS',
	platform: 'mobile',
	ip_country: 'Spain',
	ip_country_code: 'ES',
	ip_state: 'Barcelona',
	ip_city: 'Barcelona',
	...BARCELONA,
	ip_address: '192.0.2.71',
	isp: null,
	organization: null,
	is_vpn_or_tor: false,
	is_data_center: false,
	time_zone: 'Europe/Madrid',
	time_zone_offset: '+0100',
};

function amlHits(part: Part): JsonObject[] {
	if (part.warnings.length === 0) return [];
	return [
		{
			id: 'inventedHitId0001',
			url: 'https://news.example.org/articles/sample',
			match: part.status === 'Declined',
			score: 0.73,
			target: null,
			caption: fullName(part.details),
			datasets: ['PEP'],
			features: null,
			last_seen: '2026-06-13T00:00:00',
			first_seen: '2026-01-18T00:00:00',
			match_score: 62,
			risk_score: 70.35,
			review_status: part.status === 'Declined' ? 'Confirmed Match' : 'Unreviewed',
			pep_matches: [],
			sanction_matches: [],
			warning_matches: [],
			adverse_media_matches: [],
			linked_entities: [],
			additional_information: {},
		},
	];
}

/** One item of each block, without `node_id`, `status` and `warnings`, which all of them have. */
const PARTS: Record<FeatureCode, (part: Part) => JsonObject> = {
	OCR: ({ details, media, at }) => ({
		document_type: 'Identity Card',
		document_subtype: 'ID_CARD_GENERIC',
		document_number: 'XZ0000001',
		personal_number: '00000000T',
		portrait_image: media('portrait.jpg'),
		front_image: media('front.jpg'),
		front_video: media('front.mp4'),
		back_image: media('back.jpg'),
		back_video: media('back.mp4'),
		full_front_image: media('full_front.jpg'),
		full_back_image: media('full_back.jpg'),
		front_image_camera_front: null,
		back_image_camera_front: null,
		date_of_birth: details.dateOfBirth,
		age: ageAt(details.dateOfBirth, at),
		expiration_date: '2031-06-02',
		date_of_issue: '2021-06-02',
		issuing_state: details.country,
		issuing_state_name: countryName(details.country),
		first_name: details.firstName,
		last_name: details.lastName,
		full_name: fullName(details),
		gender: 'F',
		address: 'Calle Inventada 1, Villaficticia',
		formatted_address: `Calle Inventada 1, 00000 Villaficticia, ${countryName(details.country)}`,
		place_of_birth: 'Villaficticia',
		marital_status: 'Single',
		nationality: details.country,
		extra_fields: { dl_categories: [], blood_group: null },
		mrz: {
			country: details.country,
			document_number: 'XZ0000001',
			mrz_type: 'TD1',
			mrz_string: 'invented',
			warnings: [],
			errors: [],
		},
		parsed_address: {
			city: 'Villaficticia',
			region: 'Madrid',
			country: alpha2(details.country),
			street_1: 'Calle Inventada 1',
			street_2: null,
			postal_code: '00000',
			document_location: { latitude: 40, longitude: -3.5 },
		},
		extra_files: [],
		matches: [],
		verification_method: 'document',
		document_liveness: {
			printed_copy: { score: 91.2, decline_threshold: 35, review_threshold: 77, bucket: 'approve' },
			screen_replay: {
				score: 99.9,
				decline_threshold: 30,
				review_threshold: 70,
				bucket: 'approve',
			},
		},
	}),
	NFC: ({ details, media, status }) => ({
		is_nfc_skipped: false,
		skip_reason: null,
		portrait_image: media('nfc_portrait.jpg'),
		signature_image: media('signature.png'),
		chip_data: {
			document_type: 'ID',
			issuing_country: details.country,
			document_number: 'XZ0000001',
			expiration_date: '2031-06-02',
			first_name: details.firstName.toUpperCase(),
			last_name: details.lastName.toUpperCase(),
			birth_date: details.dateOfBirth,
			gender: 'F',
			nationality: details.country,
		},
		authenticity: { sod_integrity: status === 'Approved', dg_integrity: true },
	}),
	LIVENESS: ({ media, status }) => ({
		method: 'PASSIVE',
		score: score(status, 89.92),
		reference_image: media('reference.jpg'),
		video_url: media('liveness.mp4'),
		age_estimation: 36.3,
		matches: [],
		face_quality: 88.1,
		face_luminance: 61.4,
	}),
	FACE_MATCH: ({ media, status }) => ({
		score: score(status, 97),
		source_image_session_id: null,
		source_image: media('source.jpg'),
		target_image: media('target.jpg'),
	}),
	PHONE: ({ session, at }) => ({
		phone_number_prefix: '+34',
		phone_number: '600000001',
		full_number: contact(session, 'phone') ?? '+34600000001',
		country_code: 'ES',
		country_name: 'Spain',
		carrier: { name: 'Inventel', type: 'mobile' },
		is_disposable: false,
		is_virtual: false,
		verification_method: 'sms',
		verification_attempts: 1,
		verified_at: isoTime(at),
		lifecycle: [],
		matches: [],
	}),
	EMAIL: ({ session, at }) => ({
		email: contact(session, 'email') ?? 'zoe@example.com',
		is_breached: false,
		breaches: [],
		is_disposable: false,
		is_undeliverable: false,
		verification_attempts: 1,
		verified_at: isoTime(at),
		lifecycle: [],
		matches: [],
	}),
	POA: ({ details, media }) => ({
		document_file: media('poa.pdf'),
		issuing_state: alpha2(details.country),
		document_type: 'UTILITY_BILL',
		document_subtype: null,
		document_language: 'es',
		issuer: 'Aguas Inventadas',
		issue_date: '2026-10-01',
		expiration_date: null,
		poa_address: 'CALLE INVENTADA 1',
		poa_formatted_address: `Calle Inventada 1, 00000 Villaficticia, ${countryName(details.country)}`,
		poa_parsed_address: null,
		name_on_document: fullName(details),
		name_match_score_expected_details: null,
		name_match_score_id_verification: 98.5,
		expected_details_parsed_address: {},
		extra_fields: { additional_names: [] },
		extra_files: [],
		detected_codes: [],
	}),
	AML: (part) => ({
		total_hits: amlHits(part).length,
		entity_type: part.session.kind === 'business' ? 'company' : 'person',
		hits: amlHits(part),
		score: part.warnings.length > 0 ? 70.35 : new PyFloat(0),
		screened_data: {
			full_name:
				part.session.kind === 'business' ? part.details.companyName : fullName(part.details),
			nationality: alpha2(part.details.country),
			date_of_birth: part.session.kind === 'business' ? null : part.details.dateOfBirth,
			document_number: null,
		},
		is_ongoing_monitoring_enabled: false,
		next_ongoing_monitoring_bill_date: null,
	}),
	IP_ANALYSIS: () => ({
		...DEVICE,
		device_fingerprint: 'didit-fp-inventedfp000001',
		ip: { location: BARCELONA, distance_from_id_document: 23.4, distance_from_poa_document: 12.3 },
		matches: [],
	}),
	DATABASE_VALIDATION: ({ details, status }) => ({
		issuing_state: details.country,
		validation_type: 'one_by_one',
		screened_data: {
			first_name: details.firstName,
			last_name: details.lastName,
			date_of_birth: details.dateOfBirth,
			document_type: 'ID',
		},
		validations: [
			{
				service_id: 'invented_registry',
				service_name: 'Invented registry',
				outcome_code: status === 'Approved' ? 'MATCH' : 'NO_MATCH',
			},
		],
		match_type:
			status === 'Approved' ? 'full_match' : status === 'In Review' ? 'partial_match' : 'no_match',
	}),
	QUESTIONNAIRE: ({ media }) => ({
		questionnaire_id: '9f7485e0-b00b-4d56-9d3e-7859b68d1213',
		title: 'Source of Funds',
		description: 'Invented questionnaire',
		languages: ['en'],
		default_language: 'en',
		is_active: true,
		is_simple_questionnaire: true,
		version: 1,
		sections: [
			{
				title: null,
				description: null,
				items: [
					{
						uuid: '618636d9-7d5c-41ce-b8d0-1ab2a4be20db',
						value: 'question_1',
						element_type: 'DROPDOWN',
						is_required: true,
						title: 'Primary source of funds?',
						choices: [
							{ label: 'Salary', value: 'salary' },
							{ label: 'Other', value: 'other', requires_text_input: true },
						],
						max_files: 1,
						answer: { value: 'salary' },
					},
					{
						uuid: 'a90a073d-e098-404c-bbce-5130d8b12a13',
						value: 'question_2',
						element_type: 'FILE_UPLOAD',
						is_required: true,
						title: 'Upload proof',
						choices: null,
						max_files: 3,
						answer: { files: [media('proof.pdf')] },
					},
				],
			},
		],
	}),
	KYB_REGISTRY: ({ details, status }) => ({
		data_resolved: status === 'Approved',
		company: {
			name: details.companyName,
			registration_number: details.registrationNumber,
			country_code: alpha2(details.country),
			status: 'active',
			incorporation_date: '2015-03-02',
			legal_address: 'Calle Inventada 2, 00000 Villaficticia',
		},
		ownership_structure: [],
	}),
	KYB_DOCUMENTS: ({ media }) => ({
		items: [
			{ document_type: 'CERTIFICATE_OF_INCORPORATION', file_url: media('incorporation.pdf') },
		],
		groups: [],
		required_groups: [],
	}),
	KYB_KEY_PEOPLE: ({ details }) => ({
		registry: [{ full_name: fullName(details), role: 'director' }],
		submitted: [
			{ full_name: fullName(details), role: 'ubo', ownership_percentage: new PyFloat(100) },
		],
		ubo_kyc_summary: { total: 1, approved: 1, pending: 0 },
	}),
};

function contact(session: Session, name: 'email' | 'phone'): string | undefined {
	const value = session.contactDetails?.[name];
	return typeof value === 'string' ? value : undefined;
}

/** The result of one check, or null while it has not run. */
export function result(session: Session, code: FeatureCode, media: MediaUrl): JsonObject | null {
	const status = session.results.get(code);
	if (!session.details || !status || status === 'Not Finished') return null;
	const warning = warningOf(session, code);
	const part: Part = {
		session,
		details: session.details,
		status,
		media,
		at: session.createdAt,
		warnings: warning ? [warning] : [],
	};
	return {
		node_id: FEATURES[code].nodeId,
		status,
		...PARTS[code](part),
		warnings: part.warnings,
	};
}
