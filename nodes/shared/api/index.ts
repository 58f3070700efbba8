/** Everything that calls Didit's API goes through here. */
export { authenticationOf, credentialNameOf, isEmulator, type DiditContext } from './credential';
export { SENT_ANYWAY } from './refusal';
export { fileOfItem, type Form, type FormFile } from './form';
export { openOnceParked } from './openOnceParked';
export { allRows, NOT_DIDIT, pagesOf } from './pages';
export { apiRequest, fullApiRequest, type DiditRequest } from './request';
