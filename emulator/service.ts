/** What the routes work with. */

import type { MediaUrl } from './decision/blocks';
import type { WebhookSender } from './events/sender';
import type { Throttle } from './http/limits';
import type { State } from './state';
import { Account } from './state/account';
import type { Session } from './state/session';
import type { Sessions } from './state/sessions';

export interface Service {
	state: State;
	sessions: Sessions;
	sender: WebhookSender;
	throttle: Throttle;
	media: (session: Pick<Session, 'id'>) => MediaUrl;
	account: Account;
	allowLoopbackDestinations: boolean;
	workflowsShape: 'paginated' | 'array';
	/** Didit before autumn 2026: 204 without a body after a deletion. */
	emptyDeleteAnswers: boolean;
}
