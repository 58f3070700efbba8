export { readSessionId, SESSION_ID } from '../../operation/sessionId';

/** Where a field is shown, as Didit's two APIs differ. */
export const ON_V1 = { show: { authentication: ['oAuth2'] } };
export const ON_V3 = { show: { authentication: ['apiKey'] } };
