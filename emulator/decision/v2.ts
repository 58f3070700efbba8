/** The decision of Didit's old site (docs.didit.me/reference, 2025): the same blocks, singular. */

import type { JsonObject } from '../json';
import type { Session } from '../state/session';
import { type MediaUrl, result } from './blocks';
import { envelope, tail } from './envelope';
import type { FeatureCode } from './features';

export function decisionV2(session: Session, base: string, media: MediaUrl): JsonObject {
	const names: Partial<Record<FeatureCode, string>> = {
		OCR: 'id_verification',
		NFC: 'nfc',
		LIVENESS: 'liveness',
		FACE_MATCH: 'face_match',
		PHONE: 'phone',
		EMAIL: 'email',
		POA: 'poa',
		AML: 'aml',
		IP_ANALYSIS: 'ip_analysis',
		DATABASE_VALIDATION: 'database_validation',
	};
	const blocks: JsonObject = {};
	for (const code of session.features) {
		const name = names[code];
		if (name) blocks[name] = result(session, code, media);
	}
	return { ...envelope(session, base), ...blocks, ...tail(session) };
}
