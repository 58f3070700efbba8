/** The invented sanctions, politicians and press that names are looked up in, and how well a name fits. */

import { fixture } from '../../../fixtures';
import type { JsonObject } from '../../../json';

export interface Listed {
	id: string;
	name: string;
	entity_type: 'person' | 'company';
	/** YYYY-MM-DD; a company's date of incorporation */
	date_of_birth: string;
	/** ISO alpha-2 */
	country: string;
	document_number: string;
	dataset: string;
	risk_score: number;
}

/** Everybody on the invented lists. */
export function listed(): Listed[] {
	return fixture('aml/listed').entries as unknown as Listed[];
}

export interface Subject {
	fullName: string;
	entityType: 'person' | 'company';
	dateOfBirth: string | null;
	nationality: string | null;
	documentNumber: string | null;
}

/** In percent; they add up to 100. */
export interface Weights {
	name: number;
	dob: number;
	country: number;
}

function words(name: string): string[] {
	const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
	return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** 100 for the same words in any order, 80 when two or more words of one are all in the other, else 0. */
function nameScore(asked: string, listedName: string): number {
	const [fewer, more] = [words(asked), words(listedName)].sort((a, b) => a.length - b.length);
	if (!fewer.every((word) => more.includes(word))) return 0;
	if (fewer.length === more.length) return 100;
	return fewer.length >= 2 ? 80 : 0;
}

/** What was not asked about is not held against a hit. */
function equalScore(asked: string | null, known: string): number {
	return asked === null || asked === known ? 100 : 0;
}

/** How well an entry of the lists fits, or undefined when its name does not. */
export function compare(subject: Subject, entry: Listed, weights: Weights): JsonObject | undefined {
	if (subject.entityType !== entry.entity_type) return undefined;
	const name = nameScore(subject.fullName, entry.name);
	if (name === 0) return undefined;
	const dob = equalScore(subject.dateOfBirth, entry.date_of_birth);
	const country = equalScore(subject.nationality, entry.country);
	const sameDocument = subject.documentNumber === entry.document_number;
	const total = (name * weights.name + dob * weights.dob + country * weights.country) / 100;
	return {
		match_score: sameDocument ? 100 : Math.round(total),
		name_score: name,
		name_weight: weights.name,
		dob_score: dob,
		dob_weight: weights.dob,
		country_score: country,
		country_weight: weights.country,
		document_number_match_type: sameDocument ? 'EXACT' : 'NEUTRAL',
	};
}
