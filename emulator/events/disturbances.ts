/** What can happen to a webhook on its way, on order. */

export interface Disturbance {
	/**
	 * `lose`: it does not arrive, and counts as an attempt without an answer. `delay`: it is sent after `delayMs`. `reorder`: it is sent when
	 * the next attempt that is not held has ended. `repeat`: when it was answered, the same is sent `copies` times more.
	 */
	kind: 'lose' | 'delay' | 'reorder' | 'repeat';
	/** Which attempts it hits; any unless told. */
	event?: string;
	sessionId?: string;
	status?: string;
	/** How many attempts it hits; 1 unless told. */
	times?: number;
	/** For `delay`, in ms. */
	delayMs?: number;
	/** For `repeat`; 1 unless told. */
	copies?: number;
}

/** What a disturbance is chosen by. */
export interface Passing {
	event: string;
	sessionId: string | null;
	payload: { status?: unknown };
}

export class Disturbances {
	private readonly armed: Array<{ disturbance: Disturbance; left: number }> = [];

	add(disturbance: Disturbance): void {
		this.armed.push({ disturbance, left: disturbance.times ?? 1 });
	}

	clear(): void {
		this.armed.length = 0;
	}

	/** The disturbance that hits this attempt, which is used up by it. */
	take({ event, sessionId, payload }: Passing): Disturbance | undefined {
		const hit = this.armed.find(
			({ disturbance, left }) =>
				left > 0 &&
				(disturbance.event ?? event) === event &&
				(disturbance.sessionId ?? sessionId) === sessionId &&
				(disturbance.status ?? payload.status) === payload.status,
		);
		if (hit) hit.left--;
		return hit?.disturbance;
	}
}
