/** Verification codes that were sent to e-mail addresses and phone numbers. */

const WINDOW_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const MAX_ATTEMPTS = 3;

interface Pending {
	requestId: string;
	code: string;
	/** epoch ms */
	sentAt: number;
	sends: number;
	attempts: number;
	channel: string;
	vendorData: string | null;
}

export interface SendRequest {
	requestId: string;
	/** Characters of the code. */
	size: number;
	alphanumeric: boolean;
	channel: string;
	vendorData: string | null;
}

/**
 * The code of a first or a second message: `123456` and then `876543`, with letters `A1B2C3` and
 * then `Z9Y8X7`, as long as was asked for.
 */
function codeOf(sends: number, { size, alphanumeric }: SendRequest): string {
	const codes = alphanumeric ? ['A1B2C3D4', 'Z9Y8X7W6'] : ['12345678', '87654321'];
	return codes[sends - 1].slice(0, size);
}

/** The codes of one application and one channel, by address. */
export class Codes {
	private readonly pending = new Map<string, Pending>();
	private readonly sentAt = new Map<string, number[]>();

	/**
	 * Remembers that a code goes out. The second message within five minutes continues the first
	 * one's request with a new code; a third begins a new verification.
	 */
	send(address: string, request: SendRequest, now: number): { requestId: string; again: boolean } {
		this.sentAt.set(address, [...this.sentWithinHour(address, now), now]);
		const before = this.find(address, now);
		if (before?.sends === 1) {
			before.sends = 2;
			before.code = codeOf(2, request);
			return { requestId: before.requestId, again: true };
		}
		this.pending.set(address, {
			requestId: request.requestId,
			code: codeOf(1, request),
			sentAt: now,
			sends: 1,
			attempts: 0,
			channel: request.channel,
			vendorData: request.vendorData,
		});
		return { requestId: request.requestId, again: false };
	}

	/** When messages went to an address in the last hour. */
	sentWithinHour(address: string, now: number): number[] {
		return (this.sentAt.get(address) ?? []).filter((at) => at > now - HOUR_MS);
	}

	/** Tries a code; undefined when none is pending. A right code, or the third wrong one, ends it. */
	check(address: string, code: string, now: number): (Pending & { right: boolean }) | undefined {
		const pending = this.find(address, now);
		if (!pending) return undefined;
		pending.attempts++;
		const right = pending.code === code;
		if (right || pending.attempts >= MAX_ATTEMPTS) this.pending.delete(address);
		return { ...pending, right };
	}

	private find(address: string, now: number): Pending | undefined {
		const pending = this.pending.get(address);
		return pending && pending.sentAt + WINDOW_MS > now ? pending : undefined;
	}
}
