/** Who gets webhooks, and what was sent to them. */

import type { WebhookVersion } from '../applications';

/** One attempt to deliver a webhook. */
export interface Delivery {
	uuid: string;
	/** Absent on Console tests. */
	eventId?: string;
	/** Didit's `webhook_type`. */
	event: string;
	applicationId: string;
	/** null: the application-level webhook. */
	destinationId: string | null;
	sessionId: string | null;
	url: string;
	/** 1 is the first attempt, 2 and 3 are retries. */
	attempt: number;
	/** HTTP status; null when no answer came. */
	status: number | null;
	/** Why no answer came. */
	error?: string;
	headers: Record<string, string>;
	body: string;
	/** epoch ms */
	sentAt: number;
	durationMs: number;
}

export interface Destination {
	uuid: string;
	label: string;
	url: string;
	enabled: boolean;
	webhookVersion: WebhookVersion;
	secret: string;
	events: string[];
	/** epoch ms */
	createdAt: number;
	/** epoch ms */
	updatedAt: number;
}

export function ofDestination(
	{ deliveries }: { deliveries: Delivery[] },
	destination: Destination,
): Delivery[] {
	return deliveries.filter((delivery) => delivery.destinationId === destination.uuid);
}

export function failed(delivery: Delivery): boolean {
	return delivery.status === null || delivery.status < 200 || delivery.status > 299;
}
