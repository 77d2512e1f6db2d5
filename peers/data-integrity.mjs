// Data Integrity as @digitalbazaar/vc does it: credentials and presentations, every cryptosuite.

import * as Ecdsa from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519 from '@digitalbazaar/ed25519-multikey';
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaSd from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {documentLoader, know} from './documents.mjs';
import {cryptosuite as ecdsaRdfc} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const signing = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': eddsaJcs.createSignCryptosuite,
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': ecdsaJcs.createSignCryptosuite,
  'ecdsa-sd-2023': ecdsaSd.createSignCryptosuite
};
const verifying = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': eddsaJcs.createVerifyCryptosuite,
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': ecdsaJcs.createVerifyCryptosuite,
  'ecdsa-sd-2023': ecdsaSd.createVerifyCryptosuite
};

const keys = new Map();

export {know};

/** Make a key pair that stays here; return its did:key. */
export async function newKey({curve}) {
  const pair = curve === 'Ed25519' ? await Ed25519.generate() : await Ecdsa.generate({curve});
  const {publicKeyMultibase} = await pair.export({publicKey: true});
  pair.controller = `did:key:${publicKeyMultibase}`;
  pair.id = `${pair.controller}#${publicKeyMultibase}`;
  keys.set(pair.controller, pair);
  return pair.controller;
}

function signer({suite, did, created, mandatoryPointers}) {
  return new DataIntegrityProof({
    signer: keys.get(did).signer(), date: created, cryptosuite: signing[suite]({mandatoryPointers})
  });
}

/** Return the credential signed by a key that was made here, who is its issuer. */
export async function issue({credential, now, ...how}) {
  return vc.issue({credential, suite: signer(how), documentLoader, now});
}

/** Return the part of an ecdsa-sd-2023 credential that the pointers name. */
export async function derive({credential, selectivePointers}) {
  const cryptosuite = ecdsaSd.createDiscloseCryptosuite({selectivePointers});
  const suite = new DataIntegrityProof({cryptosuite});
  return vc.derive({verifiableCredential: credential, suite, documentLoader});
}

/** Return the credentials in a presentation that is signed for one challenge and domain. */
export async function present({credentials, challenge, domain, now, ...how}) {
  const presentation = vc.createPresentation(
    {verifiableCredential: credentials, holder: how.did, id: 'urn:uuid:5', now});
  return vc.signPresentation(
    {presentation, suite: signer(how), challenge, domain, documentLoader});
}

/** Say whether a credential holds. */
export async function verify({credential, now}) {
  const suite = [verifierOf(credential)];
  return verdict(await vc.verifyCredential({
    credential, suite, documentLoader, checkStatus, now
  }));
}

/** Say whether a presentation and all credentials in it hold for a challenge and a domain. */
export async function verifyPresentation({presentation, challenge, domain, now}) {
  const suite = [presentation, ...presentation.verifiableCredential].map(verifierOf);
  return verdict(await vc.verify({
    presentation, suite, challenge, domain, documentLoader, checkStatus, now
  }));
}

function verifierOf({proof}) {
  const [{cryptosuite}] = [proof].flat();
  return new DataIntegrityProof({cryptosuite: verifying[cryptosuite]()});
}

/** Statuses are at addresses that nobody serves here; the tests of this product ask for them. */
async function checkStatus() {
  return {verified: true};
}

function verdict({verified, error}) {
  const causes = [error, ...(error?.errors ?? [])].filter(Boolean);
  return {verified, error: causes.map(cause => cause.message).join(' ') || null};
}
