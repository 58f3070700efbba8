/** Standalone checks of documents: identity, proof of address, any document (docs.didit.me, standalone-apis). */

import type { Hono } from 'hono';

import type { FeatureCode } from '../../../decision/features';
import { fixture } from '../../../fixtures';
import { ApiError } from '../../../http/answers';
import type { Form, Upload } from '../../../http/form';
import { isObject, type JsonObject } from '../../../json';
import type { Service } from '../../../service';
import { blockedBy } from '../../../state/lists';
import { addFormCheck, type Check, type CheckCall, type Result } from './run';
import { warning } from './warning';

const IMAGES = ['tiff', 'jpg', 'jpeg', 'png', 'webp'];

function unrecognised(file: Upload | undefined): void {
	if (file?.says('unreadable')) throw new ApiError(400, { error: 'COULD_NOT_RECOGNIZE_DOCUMENT' });
}

/** Refused unless the action that a builder can choose says otherwise. */
function action(form: Form, name: string, otherwise: 'DECLINE' | 'NO_ACTION'): boolean {
	return (form.choice(name, ['DECLINE', 'NO_ACTION'] as const) ?? otherwise) === 'DECLINE';
}

/** One thing that can be wrong with a document: the word of the file name, Didit's name for it, and whether it declines. */
interface Flaw {
	word: string;
	risk: string;
	declines: boolean;
}

function flawsOf(file: Upload | undefined, flaws: Flaw[]): Flaw[] {
	return flaws.filter(({ word }) => file?.says(word));
}

function warningsOf(feature: FeatureCode, flaws: Flaw[]): JsonObject[] {
	return flaws.map(({ risk, declines }) =>
		warning(feature, risk, declines ? 'Declined' : 'Approved'),
	);
}

function verdict(flaws: Flaw[]): 'Approved' | 'Declined' {
	return flaws.some(({ declines }) => declines) ? 'Declined' : 'Approved';
}

interface Identity {
	front: Upload | undefined;
	back: Upload | undefined;
	flaws: Flaw[];
}

const ALWAYS_DECLINED: Flaw[] = [
	['expired', 'DOCUMENT_EXPIRED'],
	['screen', 'SCREEN_CAPTURE_DETECTED'],
	['printed', 'PRINTED_COPY_DETECTED'],
	['manipulated', 'PORTRAIT_MANIPULATION_DETECTED'],
	['no-name', 'NAME_NOT_DETECTED'],
	['no-birth', 'DATE_OF_BIRTH_NOT_DETECTED'],
	['no-number', 'DOCUMENT_NUMBER_NOT_DETECTED'],
].map(([word, risk]) => ({ word, risk, declines: true }));

function readIdentity(form: Form): Identity {
	const rule = { maxMegabytes: 10, extensions: [...IMAGES, 'pdf'] };
	const front = form.file('front_image', { ...rule, required: true });
	const back = form.file('back_image', rule);
	form.text('front_image_password', { blank: true });
	form.text('back_image_password', { blank: true });
	form.integer('minimum_age', 1, 120);
	form.choice('preferred_characters', ['latin', 'non_latin']);
	const liveness = form.boolean('perform_document_liveness') ?? true;
	const always = ALWAYS_DECLINED.filter(
		({ word }) => liveness || !['screen', 'printed', 'manipulated'].includes(word),
	);
	const chosen: Flaw[] = [
		{
			word: 'no-expiry',
			risk: 'EXPIRATION_DATE_NOT_DETECTED',
			declines: action(form, 'expiration_date_not_detected_action', 'NO_ACTION'),
		},
		{
			word: 'bad-mrz',
			risk: 'MRZ_VALIDATION_FAILED',
			declines: action(form, 'invalid_mrz_action', 'NO_ACTION'),
		},
		{
			word: 'inconsistent',
			risk: 'DATA_INCONSISTENT',
			declines: action(form, 'inconsistent_data_action', 'NO_ACTION'),
		},
	];
	return { front, back, flaws: flawsOf(front, [...always, ...chosen]) };
}

const DOCUMENT_NUMBER = 'XZ0000001';

function verifyIdentity({ front, back, flaws }: Identity, call?: CheckCall): Result {
	unrecognised(front);
	const blocked =
		call && blockedBy(call.application.lists, 'document', DOCUMENT_NUMBER)
			? [{ word: '', risk: 'ID_DOCUMENT_IN_BLOCKLIST', declines: true }]
			: [];
	const all = [...flaws, ...blocked];
	const has = (word: string) => flaws.some((flaw) => flaw.word === word);
	const result = fixture('checks/id_verification', {
		media: call?.media ?? (() => null),
		status: verdict(all),
		back_image: back ? (call?.media('back.jpg') ?? null) : null,
		expiration_date: has('expired') ? '2020-06-02' : has('no-expiry') ? null : '2031-06-02',
		warnings: warningsOf('OCR', all),
	});
	if (has('no-name')) Object.assign(result, { first_name: null, last_name: null, full_name: null });
	if (has('no-birth')) Object.assign(result, { date_of_birth: null, age: null });
	if (has('no-number')) result.document_number = null;
	return result as Result;
}

const IDENTITY: Check<Identity, Form> = {
	path: '/v3/id-verification/',
	key: 'id_verification',
	feature: 'OCR',
	price: 0.2,
	read: readIdentity,
	decide: verifyIdentity,
	approved: () => verifyIdentity({ front: undefined, back: undefined, flaws: [] }),
};

interface Address {
	document: Upload | undefined;
	expectedName: string | null;
	flaws: Flaw[];
}

const NAME_ON_DOCUMENT = 'zoë ñandú-müller';

function readAddress(form: Form): Address {
	const document = form.file('document', {
		required: true,
		maxMegabytes: 15,
		extensions: ['pdf', ...IMAGES],
	});
	for (const name of ['expected_address', 'document_password']) form.text(name, { blank: true });
	form.alpha2('expected_country');
	form.text('poa_languages_allowed', { blank: true });
	const months = form.text('poa_document_age_months');
	if (typeof months === 'string' && !/^(\w+:\d+)(,\w+:\d+)*$/.test(months)) {
		form.fail('poa_document_age_months', ['Enter pairs such as utility_bill:3,bank_statement:3.']);
	}
	const first = form.text('expected_first_name', { blank: true }) ?? '';
	const last = form.text('expected_last_name', { blank: true }) ?? '';
	const expectedName = `${first} ${last}`.trim() || null;
	const declines = (name: string) => action(form, `poa_${name}_action`, 'DECLINE');
	const mismatch: Flaw = {
		word: 'other-name',
		risk: 'NAME_MISMATCH_WITH_PROVIDED',
		declines: declines('name_mismatch'),
	};
	const flaws = flawsOf(document, [
		{ word: 'old', risk: 'POA_DOCUMENT_TOO_OLD', declines: declines('document_issues') },
		{
			word: 'forged',
			risk: 'POA_DOCUMENT_NOT_AUTHENTIC',
			declines: declines('document_authenticity'),
		},
		{
			word: 'foreign',
			risk: 'UNSUPPORTED_DOCUMENT_LANGUAGE',
			declines: declines('unsupported_language'),
		},
		{ word: 'other-address', risk: 'POA_ADDRESS_MISMATCH', declines: declines('address_mismatch') },
		{
			word: 'no-issuer',
			risk: 'ISSUER_NOT_IDENTIFIED',
			declines: declines('issuer_not_identified'),
		},
	]);
	const differs = expectedName !== null && expectedName.toLowerCase() !== NAME_ON_DOCUMENT;
	return { document, expectedName, flaws: differs ? [mismatch, ...flaws] : flaws };
}

function verifyAddress({ document, expectedName, flaws }: Address): Result {
	unrecognised(document);
	const has = (word: string) => flaws.some((flaw) => flaw.word === word);
	return fixture('checks/poa', {
		status: verdict(flaws),
		issue_date: has('old') ? '2020-01-01' : '2026-10-01',
		issuer: has('no-issuer') ? null : 'Aguas Inventadas',
		document_language: has('foreign') ? 'xx' : 'es',
		name_match_score: expectedName === null ? null : has('other-name') ? 41.2 : 100,
		warnings: warningsOf('POA', flaws),
	}) as Result;
}

const ADDRESS: Check<Address, Form> = {
	path: '/v3/poa/',
	key: 'poa',
	feature: 'POA',
	price: 0.2,
	read: readAddress,
	decide: verifyAddress,
	approved: () => verifyAddress({ document: undefined, expectedName: null, flaws: [] }),
};

interface Extraction {
	document: Upload | undefined;
	fields: JsonObject[];
	named: boolean;
}

const MAX_FIELDS = 30;

function readFieldList(form: Form): JsonObject[] {
	const value = form.text('fields', { required: true }) === undefined ? null : form.json('fields');
	if (form.errors.fields) return [];
	if (!Array.isArray(value) || value.length < 1 || value.length > MAX_FIELDS) {
		form.fail('fields', [`Expected a JSON array of 1 to ${MAX_FIELDS} fields.`]);
		return [];
	}
	const wrong = value.some(
		(field) =>
			!isObject(field) ||
			typeof field.key !== 'string' ||
			typeof field.name !== 'string' ||
			!['text', 'number', 'date'].includes(String(field.type)) ||
			typeof field.required !== 'boolean',
	);
	if (wrong) {
		form.fail('fields', ['Each field needs key, name, type (text, number or date) and required.']);
	}
	return value.filter(isObject);
}

function readExtraction(form: Form): Extraction {
	const document = form.file('document', {
		required: true,
		maxMegabytes: 30,
		extensions: ['pdf', ...IMAGES, 'zip'],
	});
	const fields = readFieldList(form);
	const first = form.text('expected_first_name', { blank: true });
	const last = form.text('expected_last_name', { blank: true });
	const company = form.text('expected_company_name', { blank: true });
	if (company && (first || last)) {
		form.fail('expected_company_name', ['Give the name of a person or of a company, not both.']);
	}
	return { document, fields, named: Boolean(first || last || company) };
}

/** A value of each type, so that a builder sees what comes. */
const EXTRACTED: Record<string, string | number> = {
	text: 'Empresa Inventada',
	number: 2100,
	date: '2026-10-31',
};

function extract({ document, fields, named }: Extraction): Result {
	unrecognised(document);
	const missing = document?.says('incomplete') ?? false;
	const review = document?.says('unclear') ?? false;
	const lacking = missing && fields.some(({ required }) => required === true);
	const status = lacking ? 'Declined' : review ? 'In Review' : 'Approved';
	return fixture('checks/document_ai', {
		status,
		extracted_data: Object.fromEntries(
			fields.map(({ key, type }) => [String(key), missing ? null : EXTRACTED[String(type)]]),
		),
		fields,
		name_match_score: named ? 97.1 : null,
		warnings:
			status === 'Approved'
				? []
				: [
						warning(
							'DOCUMENT_AI',
							lacking ? 'DOCUMENT_AI_REQUIRED_FIELD_MISSING' : 'DOCUMENT_AI_LOW_CONFIDENCE',
							status,
						),
					],
	}) as Result;
}

const EXTRACTION: Check<Extraction, Form> = {
	path: '/v3/document-ai/',
	key: 'document_ai',
	feature: 'DOCUMENT_AI',
	price: 0.2,
	read: readExtraction,
	decide: extract,
	approved: () => extract({ document: undefined, fields: [], named: false }),
};

export function addDocumentRoutes(app: Hono, service: Service): void {
	addFormCheck(app, service, IDENTITY);
	addFormCheck(app, service, ADDRESS);
	addFormCheck(app, service, EXTRACTION);
}
