/** What declines a session before its own checks count: blocklists, and the status of its user or business. */

import { fullName } from '../decision/details';
import type { Finding } from '../decision/features';
import { fixture } from '../fixtures';
import { findEntity } from './entities';
import { blockedBy, type EntryType } from './lists';
import type { Details, Session } from './session';

/** How a person without a picture is known again: the invented pictures are all the same. */
export function faceOfPerson(details: Details): string {
	return `${fullName(details)} ${details.dateOfBirth}`.toLowerCase();
}

/** What of a session can be on a list; a check that it doesn't have gives nothing. */
export function listedValues(session: Session): Partial<Record<EntryType, string>> {
	const { details, features, contactDetails, kind, vendorData } = session;
	const has = (code: Session['features'][number]) => details !== null && features.includes(code);
	const contact = (name: string, otherwise: string) => {
		const value = contactDetails?.[name];
		return typeof value === 'string' && value !== '' ? value : otherwise;
	};
	const device = fixture('decision/ip_analysis');
	return {
		...(details && { country: details.country }),
		...(details && has('FACE_MATCH') && { face: faceOfPerson(details) }),
		...(has('OCR') && { document: 'XZ0000001' }),
		...(has('PHONE') && { phone: contact('phone', '+34600000001') }),
		...(has('EMAIL') && { email: contact('email', 'zoe@example.com') }),
		...(has('IP_ANALYSIS') && {
			ip_address: String(device.ip_address),
			device_fingerprint: String(device.device_fingerprint),
		}),
		...(vendorData !== null && { [kind]: vendorData }),
	};
}

const FEATURES_OF: Partial<Record<EntryType, Finding['feature']>> = {
	face: 'FACE_MATCH',
	document: 'OCR',
	phone: 'PHONE',
	email: 'EMAIL',
	ip_address: 'IP_ANALYSIS',
	device_fingerprint: 'IP_ANALYSIS',
};

/** Why a session is declined or reviewed whatever its checks say, if it is. */
export function blockingFinding(session: Session): Finding | undefined {
	const { application, kind, vendorData, features } = session;
	const values = listedValues(session);
	for (const [type, value] of Object.entries(values) as Array<[EntryType, string]>) {
		if (!blockedBy(application.lists, type, value)) continue;
		return {
			feature: FEATURES_OF[type] ?? features[0],
			status: 'Declined',
			risk: `${type.toUpperCase()}_IN_BLOCKLIST`,
			text: `The ${type.replace('_', ' ')} is in the blocklist`,
		};
	}
	const entity =
		vendorData === null ? undefined : findEntity(application.entities, kind, vendorData);
	if (!entity || entity.status === 'ACTIVE') return undefined;
	return {
		feature: features[0],
		status: entity.status === 'BLOCKED' ? 'Declined' : 'In Review',
		risk: `${kind.toUpperCase()}_${entity.status}`,
		text: `The ${kind} is ${entity.status.toLowerCase()}`,
	};
}
