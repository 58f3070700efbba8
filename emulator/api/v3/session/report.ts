/** `GET /v3/session/{id}/generate-pdf/`. */

import type { Context } from 'hono';

import { fullName } from '../../../decision/details';
import { detail } from '../../../http/answers';
import { ownSession, withKey } from '../../../http/authorize';
import { smallPdf } from '../../../media/pdf';
import type { Service } from '../../../service';
import { isoTime } from '../../../values';

export function generatePdf(service: Service, context: Context): Response {
	const session = ownSession(service, context, withKey('decisions:read', 'pdf'));
	if (!['Approved', 'Declined', 'In Review', 'Kyc Expired'].includes(session.status)) {
		throw detail(
			403,
			'You can only generate a PDF for sessions in review, declined, approved or kyc expired',
		);
	}
	const { details } = session;
	const who = session.kind === 'business' ? details?.companyName : details && fullName(details);
	const bytes = smallPdf([
		'Verification report (emulator)',
		`Session ${session.id}`,
		`Status: ${session.status}`,
		`Subject: ${who ?? ''}`,
		`Created: ${isoTime(session.createdAt)}`,
		`Reason: ${session.finding?.text ?? 'none'}`,
	]);
	const prefix = session.kind === 'business' ? 'business' : 'session';
	return new Response(new Uint8Array(bytes), {
		headers: {
			'Content-Type': 'application/pdf',
			'Content-Disposition': `attachment; filename=${prefix}_${session.id}.pdf`,
			'Content-Length': String(bytes.length),
		},
	});
}
