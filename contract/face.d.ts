/** What goes to Didit's checks of faces, beside the files; in a form all of it is text. */
import type { CheckFields } from './checks';

interface FaceCheck extends CheckFields {
	/** Whether a face that is not upright is looked for. */
	rotate_image?: boolean;
}

/** `POST /v3/passive-liveness/` (Passive Liveness); the file `user_image`. Scores are from 0 to 100. */
export interface PassiveLiveness extends FaceCheck {
	face_liveness_score_decline_threshold?: number;
}

/** `POST /v3/face-match/` (Face Match); the files `user_image` and `ref_image`. */
export interface FaceMatch extends FaceCheck {
	face_match_score_decline_threshold?: number;
}

/** `POST /v3/face-search/` (Face Search); the file `user_image`. */
export interface FaceSearch extends FaceCheck {
	search_type?: 'blocklisted_or_approved' | 'most_similar';
}

/** `POST /v3/age-estimation/` (Age Estimation); the file `user_image`. */
export interface AgeEstimation extends FaceCheck {
	/** Years; 0 for no limit. */
	age_estimation_decline_threshold?: number;
	face_liveness_score_decline_threshold?: number;
}
