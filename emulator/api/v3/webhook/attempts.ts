/** What is known about the deliveries to a destination. */

import type { State } from '../../../state';
import type { Delivery, Destination } from '../../../state/delivery';

export function ofDestination(state: State, destination: Destination): Delivery[] {
	return state.deliveries.filter((delivery) => delivery.destinationId === destination.uuid);
}

export function failed(delivery: Delivery): boolean {
	return delivery.status === null || delivery.status < 200 || delivery.status > 299;
}
