// n8n reads the nodes and credentials from the "n8n" part of package.json; this file only makes the package loadable.
module.exports = {};
