/** Today's decision: plural blocks, each null until its check ran (docs.didit.me, retrieve-session). */

import type { JsonObject } from '../json';
import type { Session } from '../state/session';
import { type MediaUrl, result } from './blocks';
import { envelope, tail } from './envelope';
import { type FeatureCode, FEATURES } from './features';

const SHARED_BLOCKS: FeatureCode[] = ['PHONE', 'EMAIL', 'QUESTIONNAIRE', 'AML', 'IP_ANALYSIS'];
const USER_BLOCKS: FeatureCode[] = [
	'OCR',
	'NFC',
	'LIVENESS',
	'FACE_MATCH',
	'POA',
	'DATABASE_VALIDATION',
	'DOCUMENT_AI',
	'AGE_ESTIMATION',
	'FACE_SEARCH',
];
const BUSINESS_BLOCKS: FeatureCode[] = ['KYB_REGISTRY', 'KYB_DOCUMENTS', 'KYB_KEY_PEOPLE'];

export function decisionV3(session: Session, base: string, media: MediaUrl): JsonObject {
	const own = session.kind === 'business' ? BUSINESS_BLOCKS : USER_BLOCKS;
	const blocks: JsonObject = {};
	for (const code of [...own, ...SHARED_BLOCKS]) {
		const item = result(session, code, media);
		const { block } = FEATURES[code];
		if (item) blocks[block] = [item];
		else blocks[block] ??= null;
	}
	return { ...envelope(session, base), ...blocks, ...tail(session) };
}
