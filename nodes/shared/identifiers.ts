/** A UUID as text inside a regular expression. */
export const UUID = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

const WHOLE = new RegExp(`^${UUID}$`);
const AFTER_SESSION = new RegExp(`/(?:sessions?|verifications?)/(${UUID})(?![\\w-])`, 'i');
const ANY = new RegExp(`(?<![\\w-])${UUID}(?![\\w-])`, 'g');

/**
 * The session id in what a builder pastes: a UUID in any case and with spaces around it, or an address that holds one, such as a
 * page of Didit Console or the callback with its `verificationSessionId`.
 *
 * An address with several UUIDs is accepted only when one follows `session/` or `verification/`. An address with several
 * `verificationSessionId` is never accepted: a wrong guess could read somebody else's decision.
 *
 * @returns the id in lower case, the only form that Didit's routes take (docs.didit.me, Retrieve Session); undefined for anything else
 */
export function parseSessionId(value: unknown): string | undefined {
	if (typeof value !== 'string') return undefined;
	const given = value.trim();
	if (WHOLE.test(given)) return given.toLowerCase();
	if (!/^https?:/i.test(given) || !URL.canParse(given)) return undefined;
	const url = new URL(given);
	const [named, ...more] = url.searchParams.getAll('verificationSessionId');
	if (named !== undefined) {
		return more.length === 0 && WHOLE.test(named) ? named.toLowerCase() : undefined;
	}
	const behindSession = AFTER_SESSION.exec(url.pathname)?.[1];
	if (behindSession !== undefined) return behindSession.toLowerCase();
	const all = new Set(
		(`${url.pathname}${url.hash}`.match(ANY) ?? []).map((id) => id.toLowerCase()),
	);
	return all.size === 1 ? [...all][0] : undefined;
}
