// Tokens as general libraries read them: SD-JWT VC by @sd-jwt, JWT by jose.

import {createHash, randomBytes} from 'node:crypto';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';
import * as jose from 'jose';

const OF_CURVE = {'Ed25519': 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384'};

const hasher = (data, algorithm) =>
  createHash(algorithm.replace('-', '')).update(Buffer.from(data)).digest();
const saltGenerator = length => randomBytes(length).toString('base64url');

async function signature({jwk, algorithm}) {
  const key = await crypto.subtle.importKey('jwk', jwk, named(algorithm), false, ['sign']);
  return async data => Buffer.from(
    await crypto.subtle.sign(named(algorithm), key, Buffer.from(data))).toString('base64url');
}

async function check({jwk, algorithm}) {
  const key = await crypto.subtle.importKey('jwk', jwk, named(algorithm), false, ['verify']);
  return async (data, signature) => crypto.subtle.verify(
    named(algorithm), key, Buffer.from(signature, 'base64url'), Buffer.from(data));
}

function named(algorithm) {
  return algorithm === 'EdDSA' ? {name: 'Ed25519'} : {
    name: 'ECDSA',
    namedCurve: algorithm.replace('ES256', 'P-256').replace('ES384', 'P-384'),
    hash: algorithm.replace('ES', 'SHA-')
  };
}

/** Issue an SD-JWT VC with the issuer's private JWK. */
export async function issueSdJwt({claims, frame, header, key}) {
  const instance = new SDJwtVcInstance({
    hasher, saltGenerator, signer: await signature(key), signAlg: key.algorithm
  });
  return instance.issue(claims, frame, {header});
}

/** Show part of an SD-JWT VC, signed by its holder for an audience. */
export async function presentSdJwt({sdJwt, frame, key, binding}) {
  const instance = new SDJwtVcInstance({
    hasher, saltGenerator, kbSigner: await signature(key), kbSignAlg: key.algorithm
  });
  return instance.present(sdJwt, frame, {kb: {payload: binding}});
}

/** Verify an SD-JWT VC; with a nonce, its key binding too; its status by lists that are brought. */
export async function verifySdJwt({sdJwt, key, nonce, currentDate, statusLists}) {
  const verifyBinding = async (data, signature, {cnf: {jwk}}) =>
    (await check({jwk, algorithm: OF_CURVE[jwk.crv]}))(data, signature);
  const instance = new SDJwtVcInstance({
    hasher, saltGenerator, verifier: await check(key), kbVerifier: verifyBinding,
    statusListFetcher: async uri => statusLists[uri]
  });
  const {payload, kb} = await instance.verify(sdJwt, {keyBindingNonce: nonce, currentDate});
  return {payload, binding: kb?.payload ?? null};
}

/** Sign claims as a JWT. */
export async function issueJwt({claims, header, key}) {
  const privateKey = await jose.importJWK(key.jwk, key.algorithm);
  return new jose.SignJWT(claims)
    .setProtectedHeader({...header, alg: key.algorithm}).sign(privateKey);
}

/** Verify a JWT and return its claims. */
export async function verifyJwt({token, key, typ, now}) {
  const publicKey = await jose.importJWK(key.jwk, key.algorithm);
  const options = {algorithms: [key.algorithm], typ, currentDate: new Date(now)};
  return (await jose.jwtVerify(token, publicKey, options)).payload;
}
