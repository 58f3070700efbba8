/**
 * Changes that make no difference to what the code does, so that no test can notice them: for each file the reason, the line (several
 * lines in one), and what becomes of it. They are not counted in the score. If a test does notice one of them, the run ends with an error:
 * its reason is wrong.
 */
export const EQUIVALENT = {
	'nodes/DiditTrigger/verify/canonical.ts': [
		{
			why: 'No canonical form is this text, since it stands in no quotes.',
			changes: [["const AS_IS = '';", 'const AS_IS = "Stryker was here!";']],
		},
		{
			why: 'Each key is in the map, whose keys they are.',
			changes: [
				[
					"for (const key of keys) joined += (joined === '' ? '' : ',') + (texts.get(key) ?? '');",
					"for (const key of keys) joined += (joined === '' ? '' : ',') + (texts.get(key) ?? \"Stryker was here!\");",
				],
			],
		},
		{
			why: 'Number() makes NaN of an exponent without digits, which has no form.',
			changes: [['if (end === exponent) return undefined;', 'if (false) return undefined;']],
		},
		{
			why: 'The price of a character is 1.',
			changes: [
				[
					'const isSpent = this.spend(EFFORT.float + (canonical?.length ?? 0) * EFFORT.character);',
					'const isSpent = this.spend(EFFORT.float + (canonical?.length ?? 0) / EFFORT.character);',
				],
				[
					'if (!this.spend((end - first) * EFFORT.character)) return undefined;',
					'if (!this.spend((end - first) / EFFORT.character)) return undefined;',
				],
			],
		},
		{
			why: 'JSON.stringify makes undefined of undefined.',
			changes: [['} catch { return undefined; }', '} catch {}']],
		},
		{
			why: 'BigInt, or toExponential, writes these numbers in the same way.',
			changes: [
				[
					'if (Number.isSafeInteger(value)) return String(value);',
					'if (false) return String(value);',
				],
				[
					'const text = Math.abs(value) < 1e-6 ? String(value) : value.toExponential();',
					'const text = false ? String(value) : value.toExponential();',
				],
			],
		},
		{
			why: 'What is returned then is this undefined.',
			changes: [
				[
					'if (canonical === undefined || !isAll) return undefined;',
					'if (false || !isAll) return undefined;',
				],
			],
		},
		{
			why: 'The position is then NaN, where nothing that may follow is found.',
			changes: [['if (end === undefined) return undefined;', 'if (false) return undefined;']],
		},
		{
			why: 'Sorting what is in order changes nothing.',
			changes: [
				[
					'if (!inOrder) keys.sort(this.hasSurrogates ? byCodePoint : undefined);',
					'if (true) keys.sort(this.hasSurrogates ? byCodePoint : undefined);',
				],
			],
		},
		{
			why: 'The way past backslashes, and the look for escapes, give the same for a text without any: they only take longer.',
			changes: [
				['private backslash = -1;', 'private backslash = +1;'],
				['const isEscaped = this.backslash < end;', 'const isEscaped = true;'],
				['const isEscaped = this.backslash < end;', 'const isEscaped = this.backslash <= end;'],
				['if (!isEscaped && !this.hasControlCharacters) return AS_IS;', 'if (false) return AS_IS;'],
				[
					"if (this.backslash < start) this.backslash = indexOrEnd(text, '\\\\', start);",
					"if (false) this.backslash = indexOrEnd(text, '\\\\', start);",
				],
				[
					"if (this.backslash < start) this.backslash = indexOrEnd(text, '\\\\', start);",
					"if (true) this.backslash = indexOrEnd(text, '\\\\', start);",
				],
				[
					"if (this.backslash < start) this.backslash = indexOrEnd(text, '\\\\', start);",
					"if (this.backslash <= start) this.backslash = indexOrEnd(text, '\\\\', start);",
				],
				[
					"if (this.backslash < start) this.backslash = indexOrEnd(text, '\\\\', start);",
					"if (this.backslash >= start) this.backslash = indexOrEnd(text, '\\\\', start);",
				],
				[
					"if (this.backslash < start) this.backslash = indexOrEnd(text, '\\\\', start);",
					'if (this.backslash < start) this.backslash = indexOrEnd(text, "", start);',
				],
				[
					'if (this.backslash > end) return end < 0 ? undefined : end;',
					'if (false) return end < 0 ? undefined : end;',
				],
				[
					'if (this.backslash > end) return end < 0 ? undefined : end;',
					'if (this.backslash >= end) return end < 0 ? undefined : end;',
				],
				['return index < 0 ? text.length : index;', 'return false ? text.length : index;'],
			],
		},
		{
			why: 'The position is then the beginning of the text, where nothing that may follow is found.',
			changes: [
				[
					'if (this.backslash > end) return end < 0 ? undefined : end;',
					'if (this.backslash > end) return false ? undefined : end;',
				],
			],
		},
		{
			why: 'What is searched behind another character is never found at 0.',
			changes: [
				['while (end >= 0) {', 'while (end > 0) {'],
				[
					'if (this.backslash > end) return end < 0 ? undefined : end;',
					'if (this.backslash > end) return end <= 0 ? undefined : end;',
				],
				['return index < 0 ? text.length : index;', 'return index <= 0 ? text.length : index;'],
			],
		},
		{
			why: 'More backslashes are counted than are paid for, and the text is then refused as before.',
			changes: [
				[
					'const affordable = (this.maxEffort - this.effort) / EFFORT.backslash;',
					'const affordable = (this.maxEffort - this.effort) * EFFORT.backslash;',
				],
				[
					'const affordable = (this.maxEffort - this.effort) / EFFORT.backslash;',
					'const affordable = (this.maxEffort + this.effort) / EFFORT.backslash;',
				],
				[
					'while (backslashes <= affordable && text.charCodeAt(end - 1 - backslashes) === BACKSLASH)',
					'while (true && text.charCodeAt(end - 1 - backslashes) === BACKSLASH)',
				],
			],
		},
		{
			why: 'JSON.parse gives the same for a text without escapes.',
			changes: [
				[
					"return token.includes('\\\\') ? (JSON.parse(token) as string) : token.slice(1, -1);",
					'return token.includes("") ? (JSON.parse(token) as string) : token.slice(1, -1);',
				],
			],
		},
		{
			why: 'The loop and the expression find the same end of the digits.',
			changes: [
				[
					'if (end - start > FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);',
					'if (true) return firstMatch(NO_DIGIT, text, end);',
				],
				[
					'if (end - start > FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);',
					'if (false) return firstMatch(NO_DIGIT, text, end);',
				],
				[
					'if (end - start > FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);',
					'if (end - start >= FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);',
				],
				[
					'if (end - start > FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);',
					'if (end - start <= FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);',
				],
				[
					'if (end - start > FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);',
					'if (end + start > FEW_DIGITS) return firstMatch(NO_DIGIT, text, end);',
				],
			],
		},
		{
			why: 'Only units from 0xd800 on count there, and of two only whether one is a surrogate and the other is not.',
			changes: [
				['return unit >= 0xd800 && unit <= 0xdfff;', 'return true && unit <= 0xdfff;'],
				['return unit >= 0xd800 && unit <= 0xdfff;', 'return unit >= 0xd800 && unit > 0xdfff;'],
			],
		},
		{
			why: 'This comparison only saves the others.',
			changes: [['code <= SPACE &&', 'true &&']],
		},
	],
	'nodes/DiditTrigger/verify/signature.ts': [
		{
			why: 'Neither text is JSON.',
			changes: [
				[
					"canonical: once(() => canonicalize(text() ?? '')),",
					'canonical: once(() => canonicalize(text() ?? "Stryker was here!")),',
				],
			],
		},
		{
			why: 'JSON.parse does not take undefined.',
			changes: [
				[
					"if (text === undefined || event === undefined) return reject('invalidJson');",
					"if (false || event === undefined) return reject('invalidJson');",
				],
				[
					'const event = text === undefined ? undefined : parse(text);',
					'const event = false ? undefined : parse(text);',
				],
			],
		},
		{
			why: 'The bytes are the same.',
			changes: [
				[
					'const bytes = form === text() ? body : Buffer.from(form);',
					'const bytes = false ? body : Buffer.from(form);',
				],
			],
		},
		{
			why: 'The comparison then finds out by itself.',
			changes: [
				[
					"return text.includes('\\ufffd') && !body.equals(Buffer.from(text)) ? undefined : text;",
					'return text.includes("") && !body.equals(Buffer.from(text)) ? undefined : text;',
				],
			],
		},
		{
			why: 'A function without a return gives undefined.',
			changes: [['} catch { return undefined; }', '} catch {}']],
		},
		{
			why: 'The keys of a list are its indices.',
			changes: [['if (Array.isArray(value)) {', 'if (false) {']],
		},
	],
	'nodes/DiditTrigger/verify/timestamp.ts': [
		{
			why: 'For the compiler: what is no number is no safe integer either.',
			changes: [["return typeof timestamp === 'number' &&", 'return true &&']],
		},
		{
			why: 'What the short way no longer finds, the long way does.',
			changes: [
				['const last = text.lastIndexOf(\'"timestamp"\');', 'const last = text.lastIndexOf("");'],
				["(text[last - 1] !== '\\\\' && INTEGER_NEAR_END.test(text)) ||", '(false) ||'],
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
				],
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
				],
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
				],
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9][ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
				],
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r](?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
				],
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)\\}[ \\t\\n\\r]*$/y;',
				],
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\])?\\}[ \\t\\n\\r]*$/y;',
				],
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]$/y;',
				],
			],
		},
		{
			why: 'Valid JSON has no brackets alone behind a comma.',
			changes: [
				[
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[^{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
					'/"timestamp"[ \\t\\n\\r]*:[ \\t\\n\\r]*-?[0-9]+[ \\t\\n\\r]*(?:,[{}[\\]\\\\]*)?\\}[ \\t\\n\\r]*$/y;',
				],
			],
		},
		{
			why: 'An event with a timestamp has one in its text, and the text ends with a brace.',
			changes: [
				[
					"INTEGER.test(timestampToken(text) ?? '')",
					'INTEGER.test(timestampToken(text) ?? "Stryker was here!")',
				],
				[
					'for (let index = 0; index < text.length; index++) {',
					'for (let index = 0; index <= text.length; index++) {',
				],
			],
		},
		{
			why: 'Two more, or twice as much less, is even or odd as before.',
			changes: [
				[
					'if ((end - 1 - before) % 2 === 0) return end;',
					'if ((end - 1 + before) % 2 === 0) return end;',
				],
				[
					'if ((end - 1 - before) % 2 === 0) return end;',
					'if ((end + 1 - before) % 2 === 0) return end;',
				],
			],
		},
	],
};
