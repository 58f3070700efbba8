import { NodeOperationError } from 'n8n-workflow';
import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { apiRequest } from '../../shared/api';
import { parseSessionId } from '../../shared/identifiers';
import { allPublishedWorkflows } from '../../shared/workflows';

/** Didit's scenarios of 2026-08-31 (docs.didit.me, Sandbox Testing), for when the account's own list can't be read. */
const SCENARIOS = [
	'approve',
	'decline_aml_hit',
	'decline_could_not_recognize_document',
	'decline_database_no_match',
	'decline_document_expired',
	'decline_face_match_low_similarity',
	'decline_ip_blocklist',
	'decline_kyb_registry_mismatch',
	'decline_liveness_attack',
	'decline_minimum_age',
	'decline_mrz_validation',
	'decline_nfc_chip_not_verified',
	'decline_poa_address_mismatch',
	'lookup_no_match',
	'lookup_partial_match',
	'lookup_provider_error',
	'review_aml_possible_match',
	'review_face_match_borderline',
	'review_poa_partial_match',
	'wallet_cancelled',
	'wallet_provider_error',
	'wallet_timeout',
];

/** `decline_aml_hit` as `Decline Aml Hit`. */
const titleOf = (slug: string) =>
	slug
		.split('_')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');

/** The sandbox scenarios that the account offers beside the known ones, by name. */
export async function getSandboxScenarios(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const slugs = new Set(SCENARIOS);
	try {
		const answer = await apiRequest<IDataObject | unknown[]>(this, {
			method: 'GET',
			path: '/v1/sandbox/scenarios/',
		});
		const rows = Array.isArray(answer)
			? answer
			: Object.values(answer).filter(Array.isArray).flat();
		for (const row of rows as unknown[]) {
			const slug = typeof row === 'string' ? row : ((row ?? {}) as IDataObject).slug;
			if (typeof slug === 'string' && slug !== '') slugs.add(slug);
		}
	} catch (error) {
		// The known ones are enough to choose from.
		this.logger.debug(`Didit's sandbox scenarios could not be read: ${(error as Error).message}`);
	}
	return [...slugs].sort().map((slug) => ({ name: titleOf(slug), value: slug }));
}

/** All published workflows of the application. */
export async function getWorkflows(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return await allPublishedWorkflows(this);
}

/** What Didit calls the step of each block of a decision when it is to be done again (docs.didit.me, Sessions, `nodes_to_resubmit`). */
const FEATURES = new Map([
	['id_verifications', 'OCR'],
	['nfc_verifications', 'NFC'],
	['liveness_checks', 'LIVENESS'],
	['face_matches', 'FACE_MATCH'],
	['phone_verifications', 'PHONE_VERIFICATION'],
	['email_verifications', 'EMAIL_VERIFICATION'],
	['poa_verifications', 'PROOF_OF_ADDRESS'],
	['questionnaire_responses', 'QUESTIONNAIRE'],
	['aml_screenings', 'AML'],
	['ip_analyses', 'IP_ANALYSIS'],
	['database_validations', 'DATABASE_VALIDATION'],
	['document_verifications', 'KYB_DOCUMENTS'],
]);

/** What the field Session ID holds; undefined for an expression that the editor has no data for, which n8n throws at. */
function readSessionField(context: ILoadOptionsFunctions): unknown {
	try {
		return context.getNodeParameter('sessionId', '');
	} catch {
		return undefined;
	}
}

/**
 * The steps that the chosen session has, read from its decision.
 *
 * @throws NodeOperationError while no session is named, since n8n shows the message in place of the list
 */
export async function getSteps(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const sessionId = parseSessionId(readSessionField(this));
	if (sessionId === undefined) {
		throw new NodeOperationError(this.getNode(), 'Enter the ID of a session first', {
			description:
				'The steps are read from it. With an expression, name them as feature:node, such as OCR:feature_ocr_1.',
		});
	}
	const decision = await apiRequest(this, {
		method: 'GET',
		path: `/v3/session/${sessionId}/decision/`,
		subject: 'session',
	});
	const steps = [...FEATURES].flatMap(([block, feature]) =>
		(Array.isArray(decision[block]) ? (decision[block] as IDataObject[]) : []).flatMap((step) =>
			typeof step?.node_id === 'string'
				? [
						{
							name: `${titleOf(feature.toLowerCase())} (${String(step.status)})`,
							value: `${feature}:${step.node_id}`,
						},
					]
				: [],
		),
	);
	return [...new Map(steps.map((step) => [step.value, step])).values()];
}
