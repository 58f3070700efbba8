import { pageLanguage } from '../../nodes/Didit/resources/session/visitor/texts';

const CODES = ['ar', 'de', 'en', 'es', 'fr', 'it', 'pt', 'ru', 'tr', 'zh'];
const english = pageLanguage('en').texts;

test.each(CODES)('%s: every text, in its own words', (code) => {
	const page = pageLanguage(code);
	expect([page.code, page.direction]).toEqual([code, code === 'ar' ? 'rtl' : 'ltr']);
	for (const [name, text] of Object.entries(page.texts)) {
		expect([name, text.trim()]).toEqual([name, text]);
		expect(text.length).toBeGreaterThan(1);
		if (code !== 'en') expect(text).not.toBe(english[name as keyof typeof english]);
	}
	expect(Object.keys(page.texts)).toEqual(Object.keys(english));
});

test('a region speaks the language', () => {
	expect(pageLanguage('pt-BR')).toEqual({ ...pageLanguage('pt'), code: 'pt-BR' });
});

test.each([
	'sq',
	'he',
	'cnr',
	undefined,
	null,
	5,
	'',
	'constructor',
	'__proto__',
	'en" onload="x',
	'DE',
])('%p is English', (language) => {
	expect(pageLanguage(language)).toEqual({ code: 'en', direction: 'ltr', texts: english });
});

test("the builder's own texts, in a language that is not among the known ones", () => {
	const page = pageLanguage('he', { thankYou: 'תודה', inReview: ' ' });
	expect(page).toEqual({ code: 'he', direction: 'rtl', texts: { ...english, thankYou: 'תודה' } });
	expect(pageLanguage('de', { title: 'Ausweis' }).texts).toEqual({
		...pageLanguage('de').texts,
		title: 'Ausweis',
	});
});
