/** What is done with a session beside its life (docs.didit.me, Sessions). */

/** `POST /v3/sessions/{id}/reviews/`. */
export interface AddNote {
	comment: string;
}

export type AmlReview = 'Confirmed Match' | 'False Positive' | 'Inconclusive' | 'Unreviewed';

/** `PATCH /v3/session/{id}/update-aml-hit-status/`. */
export interface UpdateAmlHit {
	hit_id: string;
	review_status: AmlReview;
	/** The step of the workflow, where several screen. */
	node_id?: string;
}

/** `POST /v3/session/{id}/share/`. */
export interface ShareSession {
	/** The application that may import it. */
	for_application_id: string;
	/** Seconds, 60 to 86400; 3600 without it. */
	ttl_in_seconds?: number;
}

/** `POST /v3/session/import-shared/`. */
export interface ImportSharedSession {
	share_token: string;
	/** Whether the partner's verdict stands; otherwise the session is In Review. */
	trust_review: boolean;
	workflow_id: string;
	vendor_data?: string;
}
