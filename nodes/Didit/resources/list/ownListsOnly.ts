/** What to do about Didit's refusal to change one of its own lists. */
export const OWN_LISTS_ONLY = {
	403: "Didit's own blocklists can't be renamed or deleted. For a list of your own, check that the API key may do this.",
};
