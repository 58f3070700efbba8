import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';

import { apiRequest } from '../../shared/api';

/** Didit's scenarios of 2026-08-31 (didit-api 9), for when the account's own list can't be read. */
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
	slug.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');

/** The sandbox scenarios that the account offers beside the known ones, by name. */
export async function getSandboxScenarios(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	const slugs = new Set(SCENARIOS);
	try {
		const answer = await apiRequest<IDataObject | unknown[]>(this, { method: 'GET', path: '/v1/sandbox/scenarios/' });
		const rows = Array.isArray(answer) ? answer : Object.values(answer).filter(Array.isArray).flat();
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
