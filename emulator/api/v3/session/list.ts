/** `GET /v3/sessions/`. */

import type { Context } from 'hono';

import type { MediaUrl } from '../../../decision/blocks';
import { fullName } from '../../../decision/details';
import { shownUrl } from '../../../decision/envelope';
import { type FeatureCode, FEATURES } from '../../../decision/features';
import { ApiError } from '../../../http/answers';
import { authorize } from '../../../http/authorize';
import { isDate } from '../../../http/fields';
import { pageAnswer, readPage } from '../../../http/paging';
import type { JsonObject } from '../../../json';
import type { Service } from '../../../service';
import type { Session } from '../../../state/session';
import { isoTime } from '../../../values';

const MAX_BUSINESS_COUNT = 100;

function row(session: Session, base: string, media: MediaUrl): JsonObject {
	const ran = (code: FeatureCode) =>
		session.details !== null && (session.results.get(code) ?? 'Not Finished') !== 'Not Finished';
	const { details, contactDetails } = session;
	const document = ran('OCR') ? details : null;
	const name = session.kind === 'business' ? details?.companyName : document && fullName(document);
	return {
		session_id: session.id,
		session_kind: session.kind,
		session_number: session.number,
		session_url: shownUrl(session, base),
		portrait_image: document ? media('portrait.jpg') : null,
		document_type: document ? 'Identity Card' : null,
		full_name: name ?? null,
		country: details && (document ?? session.kind === 'business') ? details.country : null,
		status: session.status,
		vendor_data: session.vendorData,
		didit_internal_id: null,
		created_at: isoTime(session.createdAt),
		features: session.features.map((code) => ({
			feature: FEATURES[code].name,
			status: session.results.get(code) ?? 'Not Finished',
		})),
		phone_number: contactDetails?.phone
			? { number: contactDetails.phone, is_verified: ran('PHONE') }
			: null,
		email_address: contactDetails?.email
			? { email: contactDetails.email, is_verified: ran('EMAIL') }
			: null,
		additional_details: ran('FACE_MATCH')
			? {
					liveness: { method: 'PASSIVE', score: 89.92 },
					face_match: {
						score: 97,
						source_image: media('source.jpg'),
						target_image: media('target.jpg'),
					},
				}
			: null,
	};
}

function dayStart(query: URLSearchParams, name: string): number | undefined {
	const text = query.get(name);
	if (text === null || text === '') return undefined;
	if (!isDate(text)) throw new ApiError(400, { [name]: ['Enter a valid date.'] });
	return Date.parse(`${text}T00:00:00Z`);
}

function commaList(query: URLSearchParams, name: string): string[] | undefined {
	const values = (query.get(name) ?? '').split(',').filter((value) => value !== '');
	return values.length > 0 ? values : undefined;
}

const DAY_MS = 86_400_000;

/** Which sessions the query asks for; comparisons are case-sensitive except in `search`. */
function filterOf(query: URLSearchParams): (session: Session) => boolean {
	const from = dayStart(query, 'date_from');
	const to = dayStart(query, 'date_to');
	const statuses = commaList(query, 'status');
	const countries = commaList(query, 'country');
	const workflows = commaList(query, 'workflow_id');
	const documents = commaList(query, 'document_type');
	const warnings = commaList(query, 'warning');
	const vendorData = query.get('vendor_data');
	const origins = commaList(query, 'session_type');
	const search = query.get('search')?.toLowerCase();
	return (session) => {
		const { details } = session;
		const searched = [
			session.id,
			String(session.number),
			session.vendorData ?? '',
			details ? fullName(details) : '',
			details && session.kind === 'business' ? details.companyName : '',
		];
		return (
			(from === undefined || session.createdAt >= from) &&
			(to === undefined || session.createdAt < to + DAY_MS) &&
			(!statuses || statuses.includes(session.status)) &&
			(!countries || (details !== null && countries.includes(details.country))) &&
			(!workflows || workflows.includes(session.workflow?.workflowId ?? '')) &&
			(!documents ||
				(details !== null && session.features.includes('OCR') && documents.includes('ID'))) &&
			(!warnings || warnings.includes(session.finding?.risk ?? '')) &&
			(!origins || origins.includes('ALL') || origins.includes(session.origin)) &&
			(!vendorData || session.vendorData === vendorData) &&
			(!search || searched.some((text) => text.toLowerCase().includes(search)))
		);
	};
}

export function listSessions(service: Service, context: Context): Response {
	const application = authorize(service, context, 'sessions:read', 'get');
	const query = new URL(context.req.url).searchParams;
	const kind = query.get('session_kind') || 'user';
	if (!['user', 'business', 'all'].includes(kind)) {
		throw new ApiError(400, { session_kind: [`"${kind}" is not a valid choice.`] });
	}
	const page = readPage(query, 50);
	const found = service.sessions.all(application).filter(filterOf(query));
	// With `all`, each kind is paged on its own: a page holds up to twice the limit.
	const kinds = kind === 'all' ? ['user', 'business'] : [kind];
	let count = 0;
	let more = false;
	const rows: Session[] = [];
	for (const one of kinds) {
		const own = found.filter((session) => session.kind === one);
		count += one === 'business' ? Math.min(own.length, MAX_BUSINESS_COUNT) : own.length;
		more ||= own.length > page.offset + page.limit;
		rows.push(...own.slice(page.offset, page.offset + page.limit));
	}
	rows.sort((a, b) => b.number - a.number);
	return pageAnswer(
		context,
		page,
		count,
		more,
		rows.map((session) => row(session, service.state.url, service.media(session))),
	);
}
