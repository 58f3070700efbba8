import type { IDataObject } from 'n8n-workflow';

import { own } from '../values';
import { items, join, text, toObject } from './blocks';

/** What one document, chip or register says of a person or a company; null where it says nothing. */
export interface Identity {
	approved: boolean;
	fullName: string | null;
	firstName: string | null;
	lastName: string | null;
	dateOfBirth: string | null;
	gender: string | null;
	nationality: string | null;
	address: string | null;
	documentType: string | null;
	documentNumber: string | null;
	issuingCountry: string | null;
	issueDate: string | null;
	expiryDate: string | null;
}

/**
 * Whom a decision is about. All of it comes from ONE document, never mixed: the first Approved one, else the first that was
 * read at all, since a session can hold a refused first attempt beside the document that counted. Printed documents come
 * before NFC chips. For a business (KYB): the company as the register has it, by the same rule.
 *
 * @param decision a decision of any API version (docs.didit.me, Retrieve Session)
 * @returns undefined when no document was read
 */
export function identityOf(decision: IDataObject): Identity | undefined {
	const candidates = isBusiness(decision)
		? items(decision, 'registry_checks').map(companyIdentity)
		: [
				...items(decision, 'kyc', 'id_verification', 'id_verifications').map(documentIdentity),
				...items(decision, 'nfc', 'nfc_verifications').map(chipIdentity),
			];
	const read = candidates.filter(
		({ fullName, dateOfBirth, documentType, documentNumber }) =>
			fullName ?? dateOfBirth ?? documentType ?? documentNumber,
	);
	return read.find(({ approved }) => approved) ?? read[0];
}

/** `session_kind` is missing from decisions fetched with `include=events`; then the presence of the registry block tells. */
function isBusiness(decision: IDataObject): boolean {
	const kind = own(decision, 'session_kind');
	return typeof kind === 'string'
		? kind === 'business'
		: items(decision, 'registry_checks').length > 0;
}

function documentIdentity(item: IDataObject): Identity {
	return {
		...personIn(item),
		approved: own(item, 'status') === 'Approved',
		dateOfBirth: text(own(item, 'date_of_birth')),
		address: text(own(item, 'formatted_address')) ?? text(own(item, 'address')),
		issuingCountry: text(own(item, 'issuing_state')),
		issueDate: text(own(item, 'date_of_issue')),
	};
}

function chipIdentity(item: IDataObject): Identity {
	const chip = toObject(own(item, 'chip_data'));
	return {
		...personIn(chip),
		approved: own(item, 'status') === 'Approved',
		dateOfBirth: text(own(chip, 'birth_date')),
		address: text(own(chip, 'address')),
		issuingCountry: text(own(chip, 'issuing_country')),
		issueDate: null,
	};
}

/** The fields that have the same names in a printed document and in a chip. */
function personIn(source: IDataObject) {
	return {
		fullName:
			text(own(source, 'full_name')) ?? join(own(source, 'first_name'), own(source, 'last_name')),
		firstName: text(own(source, 'first_name')),
		lastName: text(own(source, 'last_name')),
		gender: text(own(source, 'gender')),
		nationality: text(own(source, 'nationality')),
		documentType: text(own(source, 'document_type')),
		documentNumber: text(own(source, 'document_number')),
		expiryDate: text(own(source, 'expiration_date')),
	};
}

/** Until the registry has answered (`data_resolved: false`), the company is only what somebody typed. */
function companyIdentity(item: IDataObject): Identity {
	const company = own(item, 'data_resolved') === false ? {} : toObject(own(item, 'company'));
	const documentNumber = text(own(company, 'registration_number'));
	return {
		approved: own(item, 'status') === 'Approved',
		fullName: text(own(company, 'company_name')) ?? text(own(company, 'legal_name')),
		firstName: null,
		lastName: null,
		dateOfBirth: null,
		gender: null,
		nationality: null,
		address: null,
		documentType: documentNumber === null ? null : 'Company registration',
		documentNumber,
		issuingCountry: text(own(company, 'country_code')),
		issueDate: null,
		expiryDate: null,
	};
}
