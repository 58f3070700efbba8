/** Rules of n8n's review that its published lint does not check yet. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { DiditApi } from '../../credentials/DiditApi.credentials';
import { DiditOAuth2Api } from '../../credentials/DiditOAuth2Api.credentials';
import { Didit } from '../../nodes/Didit/Didit.node';
import { DiditTrigger } from '../../nodes/DiditTrigger/DiditTrigger.node';

/** n8n's backgrounds, and the least contrast of an icon to them. */
const BACKGROUNDS = { light: '#ffffff', dark: '#2b2b2b' };
const LEAST_CONTRAST = 1.5;
const LONGEST_HINT = 120;

/** Relative luminance of `#rgb` or `#rrggbb` (WCAG 2.2, w3.org/TR/WCAG22/#dfn-relative-luminance). */
function luminance(color: string): number {
	const digits = color.length === 4 ? color.replace(/[0-9a-f]/g, '$&$&') : color;
	const [red, green, blue] = [1, 3, 5].map((start) => {
		const channel = parseInt(digits.slice(start, start + 2), 16) / 255;
		return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
	const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
	return (lighter + 0.05) / (darker + 0.05);
}

const ICONS = join(__dirname, '..', '..', 'icons');

describe.each(readdirSync(ICONS).filter((name) => name.endsWith('.svg')))('icon %s', (name) => {
	const svg = readFileSync(join(ICONS, name), 'utf8');
	const background = name.endsWith('.dark.svg') ? BACKGROUNDS.dark : BACKGROUNDS.light;

	test('stands out from the background', () => {
		// The card, and the disc inside the ring that has the background's colour.
		const frame = /<rect[^>]* stroke="(#[0-9a-f]+)"/.exec(svg)?.[1] ?? background;
		const disc = [...svg.matchAll(/<circle[^>]* fill="(#[0-9a-f]+)"/g)].at(-1)?.[1] ?? background;
		expect(contrast(frame, background)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
		expect(contrast(disc, background)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
	});

	test('is square, and holds nothing but shapes', () => {
		expect(svg).toMatch(/ width="60" height="60" viewBox="0 0 60 60">/);
		expect(new Set([...svg.matchAll(/<([a-z]+)/g)].map(([, tag]) => tag))).toEqual(
			new Set(['svg', 'rect', 'circle', 'path']),
		);
	});
});

test('contrast is what the standard says', () => {
	expect(contrast('#000', '#ffffff')).toBeCloseTo(21);
	expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

type Field = Pick<
	INodeProperties,
	'displayName' | 'name' | 'hint' | 'placeholder' | 'type' | 'required' | 'default'
>;

/** A field and all inside it. */
function withInner(field: INodeProperties): Field[] {
	const inner = ((field.options ?? []) as INodeProperties[]).flatMap((option) => {
		const { values } = option as unknown as { values?: INodeProperties[] };
		return values ?? ('type' in option ? [option] : []);
	});
	return [field, ...inner.flatMap(withInner)];
}

describe.each([
	['Didit', new Didit().description],
	['Didit Trigger', new DiditTrigger().description],
	['Didit API', new DiditApi() as ICredentialType],
	['Didit OAuth2 API', new DiditOAuth2Api() as ICredentialType],
])('%s', (_, { properties }) => {
	const fields = properties.flatMap(withInner);

	test('has hints that fit on a line or two', () => {
		expect(
			fields.filter(({ hint }) => (hint ?? '').length > LONGEST_HINT).map(({ name }) => name),
		).toEqual([]);
	});

	test('has placeholders that are examples', () => {
		const others = fields.filter(
			({ placeholder, type }) =>
				placeholder !== undefined &&
				!/^e\.g\. /.test(placeholder) &&
				!['collection', 'fixedCollection'].includes(type),
		);
		expect(others.map(({ name, placeholder }) => `${name}: ${placeholder}`)).toEqual([]);
	});
});
