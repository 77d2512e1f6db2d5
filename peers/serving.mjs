// @digitalbazaar/vc behind node:http and nothing else: the peer of the benchmarks G1 and G2.
//
// The key is made at the start. POST /issue {"credential"} puts its DID into the issuer and signs;
// POST /verify {"verifiableCredential"} answers 200 or 400. Prints the port when it listens.

import {createServer} from 'node:http';
import {issue, newKey, verify} from './data-integrity.mjs';

const did = await newKey({curve: 'Ed25519'});

async function body(request) {
  const parts = [];
  for await (const part of request) {
    parts.push(part);
  }
  return JSON.parse(Buffer.concat(parts));
}

const routes = {
  async '/issue'({credential}) {
    credential.issuer = {...credential.issuer, id: did};
    const signed = await issue({credential, suite: 'eddsa-rdfc-2022', did});
    return [201, {verifiableCredential: signed}];
  },
  async '/verify'({verifiableCredential}) {
    const found = await verify({credential: verifiableCredential});
    return [found.verified ? 200 : 400, found];
  }
};

const server = createServer(async (request, response) => {
  const [status, answer] = await routes[request.url](await body(request));
  const text = Buffer.from(JSON.stringify(answer));
  response.writeHead(status, {
    'content-type': 'application/json', 'content-length': text.length
  });
  response.end(text);
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1');
