/** Warnings of a check's result. */

import { FEATURES, type FeatureCode, type FeatureStatus } from '../../../decision/features';
import type { JsonObject } from '../../../json';

/**
 * One item of `warnings`.
 *
 * @param status an error declines, a warning asks for review, all else is information
 */
export function warning(
	feature: FeatureCode,
	risk: string,
	status: FeatureStatus,
	additionalData: JsonObject | null = null,
): JsonObject {
	const words = risk.toLowerCase().replaceAll('_', ' ');
	return {
		feature: FEATURES[feature].name,
		risk,
		additional_data: additionalData,
		log_type: status === 'Declined' ? 'error' : status === 'In Review' ? 'warning' : 'information',
		short_description: `${words.charAt(0).toUpperCase()}${words.slice(1)}`,
		long_description: `An invented result of the emulator: ${words}.`,
	};
}
