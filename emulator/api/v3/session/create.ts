/** `POST /v3/session/` (docs.didit.me, create-session). */

import type { Context } from 'hono';

import type { WorkflowConfig } from '../../../applications';
import { sessionUrl } from '../../../decision/envelope';
import { SCENARIOS } from '../../../decision/scenarios';
import { answer, ApiError, detail } from '../../../http/answers';
import { authorize } from '../../../http/authorize';
import { readObject } from '../../../http/body';
import { Fields, LANGUAGES, shown, UUID } from '../../../http/fields';
import type { Json } from '../../../json';
import type { Service } from '../../../service';
import type { Application } from '../../../state/application';
import type { Session } from '../../../state/session';

const DOCUMENT_TYPES = ['P', 'ID', 'DL', 'RP', 'HIC', 'TC', 'SSC'];
const MAX_PORTRAIT_BYTES = 2 * 1024 * 1024;
const DAY_MS = 86_400_000;
const SANDBOX_CREATES_PER_DAY = 500;

function checkContactDetails(fields: Fields): void {
	fields.email('email', { nullable: true });
	fields.boolean('send_notification_emails');
	fields.choice('email_lang', LANGUAGES, { nullable: true });
	// Invalid numbers are ignored, so only the type counts.
	fields.text('phone', { nullable: true, blank: true });
}

function checkExpectedDetails(fields: Fields): void {
	for (const name of ['first_name', 'last_name', 'identification_number']) {
		fields.text(name, { nullable: true, blank: true });
	}
	fields.date('date_of_birth');
	fields.choice('gender', ['M', 'F'], { nullable: true });
	for (const name of ['nationality', 'country', 'id_country', 'poa_country']) fields.alpha3(name);
	fields.ip('ip_address');
	const address = fields.text('address', { nullable: true, blank: true });
	if (address && !fields.has('country') && !fields.has('poa_country')) {
		fields.fail('address', ['country or poa_country is required when address is provided.']);
	}
	for (const type of fields.list('expected_document_types') ?? []) {
		if (typeof type !== 'string' || !DOCUMENT_TYPES.includes(type.toUpperCase())) {
			fields.fail('expected_document_types', [`"${shown(type)}" is not a valid choice.`]);
		}
	}
	fields.text('company_name', { nullable: true, blank: true, max: 255 });
	fields.text('registration_number', { nullable: true, blank: true, max: 100 });
	const registry = fields.text('registry_country', { nullable: true, max: 10 });
	if (registry && !/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(registry)) {
		fields.fail('registry_country', ['Enter a valid ISO 3166-1 alpha-2 or ISO 3166-2 code.']);
	}
}

function isImage(bytes: Buffer): boolean {
	const start = bytes.toString('latin1', 0, 12);
	return (
		start.startsWith('\u00ff\u00d8\u00ff') ||
		start.startsWith('\u0089PNG\r\n\u001a\n') ||
		/^RIFF[^]{4}WEBP/.test(start) ||
		start.startsWith('II*\u0000') ||
		start.startsWith('MM\u0000*')
	);
}

function checkPortrait(fields: Fields): string | null | undefined {
	const portrait = fields.text('portrait_image', { nullable: true });
	if (typeof portrait !== 'string') return portrait;
	if (!/^[A-Za-z0-9+/\r\n]+={0,2}\s*$/.test(portrait)) {
		return fields.fail('portrait_image', ['Invalid base64 image.']);
	}
	const bytes = Buffer.from(portrait, 'base64');
	if (bytes.length > MAX_PORTRAIT_BYTES) {
		return fields.fail('portrait_image', ['The image must not be larger than 2 MB.']);
	}
	if (!isImage(bytes)) {
		return fields.fail('portrait_image', [
			'Unsupported image format. Use JPEG, PNG, WebP or TIFF.',
		]);
	}
	return portrait;
}

/** A published workflow by its stable id or by the id of a version; drafts and archived ones don't count. */
export function findWorkflow(application: Application, id: string): WorkflowConfig | undefined {
	return application.config.workflows.find(
		(workflow) =>
			(workflow.workflowId === id || workflow.versionId === id) &&
			workflow.status === 'published' &&
			!workflow.archived,
	);
}

function takeSandboxQuota(service: Service, application: Application): void {
	if (application.config.environment !== 'sandbox') return;
	const now = service.state.now();
	application.creations = application.creations.filter((at) => at > now - DAY_MS);
	if (application.creations.length >= SANDBOX_CREATES_PER_DAY) {
		throw detail(
			429,
			'Sandbox session quota exceeded. You can create up to 500 sessions per 24 hours.',
		);
	}
	application.creations.push(now);
}

function createAnswer(service: Service, session: Session): Response {
	return answer(
		{
			session_id: session.id,
			session_number: session.number,
			session_token: session.token,
			url: sessionUrl(session, service.state.url),
			vendor_data: session.vendorData,
			metadata: session.metadata,
			status: session.status,
			workflow_id: session.workflow?.workflowId ?? null,
			workflow_version: session.workflow?.version ?? 1,
			callback: session.callback,
		},
		201,
	);
}

export async function createSession(service: Service, context: Context): Promise<Response> {
	const application = authorize(service, context, 'sessions:write', 'create');
	const data = await readObject(context);
	const fields = new Fields(data);
	const workflowId = fields.text('workflow_id', { required: true });
	const vendorData = fields.text('vendor_data', { nullable: true, blank: true });
	const callback = fields.callback('callback', { nullable: true });
	const callbackMethod = fields.choice('callback_method', ['initiator', 'completer', 'both'], {
		nullable: true,
	});
	const language = fields.choice('language', LANGUAGES, { nullable: true });
	const contactDetails = fields.object('contact_details', checkContactDetails);
	const expectedDetails = fields.object('expected_details', checkExpectedDetails);
	const portrait = checkPortrait(fields);
	const scenario = fields.choice('sandbox_scenario', Object.keys(SCENARIOS), { nullable: true });
	if (scenario && application.config.environment !== 'sandbox') {
		fields.fail('sandbox_scenario', [
			'sandbox_scenario is only available in sandbox applications.',
		]);
	}
	fields.done();

	const workflow = UUID.test(workflowId ?? '') && findWorkflow(application, workflowId ?? '');
	if (!workflow) throw new ApiError(400, { workflow_id: 'Invalid workflow_id.' });
	if (workflow.type === 'biometric_authentication' && !portrait) {
		const known = service.sessions
			.all(application)
			.some((session) => session.vendorData === vendorData && session.status === 'Approved');
		if (!vendorData || !known) {
			throw new ApiError(400, {
				portrait_image: ['This field is required for biometric authentication.'],
			});
		}
	}

	const metadata: Json = data.metadata ?? null;
	const existing = vendorData && service.sessions.reusable(application, workflow, vendorData);
	if (existing) {
		if (fields.has('callback')) existing.callback = callback ?? workflow.callback ?? null;
		if (fields.has('metadata')) existing.metadata = metadata;
		return createAnswer(service, existing);
	}
	takeSandboxQuota(service, application);
	return createAnswer(
		service,
		service.sessions.create({
			application,
			apiVersion: 3,
			workflow,
			features: workflow.features,
			featuresText: workflow.features.join(' + '),
			vendorData: vendorData ?? null,
			metadata,
			callback: callback ?? workflow.callback ?? null,
			callbackMethod: callbackMethod ?? 'initiator',
			language: language ?? null,
			expectedDetails: expectedDetails ?? null,
			contactDetails: contactDetails ?? null,
			scenario: scenario ?? null,
		}),
	);
}
