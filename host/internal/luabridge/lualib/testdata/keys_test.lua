-- Keys, signatures and ciphers. Keys and what is compared were made with the program openssl. The reference has none of these libraries.
local t = require "test.harness";
if not OURS then return t.finish(); end
local from_base64 = require "util.encodings".base64.decode;

local message = "It is the east";
local rsa_public = [[
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwioz62lpZNIbTnakthNy
FOD+K42vK/rsKogFQ7u4cWxKmXz5Adpneq2v7JJIBtWmsK87jXlfhc05fSzOM0Hc
r6g5y3fHQ5Y/9k7JN3ZgrHDnLYMUBJNJN0ti0Cnr6XvbZpSv6ifJmrnVnuerc8j6
opjAY+avWgLRD0DofBFaX+/pKtd3mLe5FFuYFoRGNCvfTj12paqnVhf0eQFyuV2E
iI8KabpGRvSfYpNQF1gEfHDR7EI2WfSo9tpJyEYbN/yxBnKY6Bg5N7SfbzrTsbe8
77Ljc7RrbLXLsYQ4rsfbbLOjZOTAsV0RmsMKUpK/bT4hmA9G9EsidKiclftSiC7c
iQIDAQAB
-----END PUBLIC KEY-----]];
local ec_private = [[
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIAjyAFky5MtFiUBh8xWfWy0ojky0Bv+717yw4IIujCpwoAoGCCqGSM49
AwEHoUQDQgAEPpvzI5IIMfdsV7QkDbbfJY9Vd8G0Tt7gazrvgvgdXSUvcMUA/jb1
9HyE9jUIZxfeSIc7Yhj30gWWGCX5zLOV8g==
-----END EC PRIVATE KEY-----]];
local ec_public = [[
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEPpvzI5IIMfdsV7QkDbbfJY9Vd8G0
Tt7gazrvgvgdXSUvcMUA/jb19HyE9jUIZxfeSIc7Yhj30gWWGCX5zLOV8g==
-----END PUBLIC KEY-----]];
local ed_public = [[
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAeBvKy6CJMZip2/4OmnUxXcIzN01JqrQ2tMlGG2Ciqww=
-----END PUBLIC KEY-----]];
local certificate = [[
-----BEGIN CERTIFICATE-----
MIIBijCCAS+gAwIBAgIUDoqfdviLrO5cXVHXfbKeTN+GEHwwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOdmVyb25hLmV4YW1wbGUwIBcNMjYxMTI2MjIyNDM1WhgPMjEy
NjExMDIyMjI0MzVaMBkxFzAVBgNVBAMMDnZlcm9uYS5leGFtcGxlMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEPpvzI5IIMfdsV7QkDbbfJY9Vd8G0Tt7gazrvgvgd
XSUvcMUA/jb19HyE9jUIZxfeSIc7Yhj30gWWGCX5zLOV8qNTMFEwHQYDVR0OBBYE
FO8ZnY7IoFEACA+KIpBgBVl7EDeLMB8GA1UdIwQYMBaAFO8ZnY7IoFEACA+KIpBg
BVl7EDeLMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSQAwRgIhALMQrUE6
JgkspPB66l8gwutin4tHoaDBjCPSYb+dUl9+AiEAxwAbVwsYAkQ54heMsh0OLSr/
1ywNqYGo6htD7jqrhSU=
-----END CERTIFICATE-----]];
local rsa_signature = from_base64 "bS7wYuLO9vUyeFcnKwhgRjvGQDqkK2WzMVMo2xHVDYyU/i3zZwF0HHK7PQKuY4pIKc6D85EJ7576BsjjqauL/iiRwnn12fbE5qBknG0NQBtczyQf2N56RaO9eABN0qhBn5EgwwzDscH0TEo5YhO06Mf7m2iT7DPwjIPvj0HMpLf4r8jP3LBwf96gvmF7kzlehF0yv8NKeOMGmGWpvO+Z38tolSlcKzFTn5P7+RVsKrgSkErQ9PyjsMH4dOYM7+g42JZVsJ0EKJNRMNnqmhaSX317XSOAk3EmbRUvrRogghkN5BL91+nV4D2YlNh+1a73E3DI/rzL2dknt4TF07Rjug==";
local pss_signature = from_base64 "hy9wSXYTGoWr/2LTiC8v6v+KjkOQE17Miv0lA1gvHUeeKXB/C2YIEr5/OnWA2RrLcMHMco8ROeQjWngLHVtvZRtma16tzMl6CU+f+cLjQV2O3kin4wONtx3cJCKWrXRYzwVp1iBcJU8AEwz+/gOlOGI0C3qMPxUqto6D+02mxmCSZRcrqmeRWYuOXiQSsuMgcbfH1Dh/qW5y6BOKMd2ipmQATjrSiIWG7RIXtdo29Ij8DIrNWYd42c8IHsm8GDSFPhpiZUJS1P49uQaaqDPvjBhhHk1o6LYEn/jPZ801HFA0tM65HD1ERO9pyOMslR5h5L+nyfeCdTeYd0ThHo7oVw==";
local ec_signature = from_base64 "MEYCIQC/6YoQL5rIMLsek9FIj3VIZUTrW4jVqO8G4jDjjlK/1wIhANUjtfqMVyqkImGkHl6TcoMnUk5S0xvxFNQOs3teXWZ7";
local ed_signature = from_base64 "CTOTAmxfjIHsmmE6MNH9xxdGQdcfRKLvM4bOT/aHNkUyMcd/hKAlNDaNpxKv7GYDspOTk8bVMOlQ+0oMLbECCA==";

t.case("openssl: digests, HMACs and signatures", function ()
	local digest, hmac, pkey = require "openssl.digest", require "openssl.hmac", require "openssl.pkey";
	local hashes = require "util.hashes";
	t.same(digest.new("sha256"):update("a", "b"):final("c"), hashes.sha256("abc"));
	t.same({ digest.new():final(""), digest.new("RSA-SHA512"):final("") }, { hashes.sha1(""), hashes.sha512("") });
	t.same(hmac.new("key", "sha384"):update("a"):final("b"), hashes.hmac_sha384("key", "ab"));
	t.raises("no digest", digest.new, "whirlpool");
	local function sha256() return digest.new("sha256"):update(message); end
	t.same({ pkey.new(rsa_public):verify(rsa_signature, sha256()), pkey.new(rsa_public):verify(ec_signature, sha256()) }, { true, false });
	t.same({ pkey.new(ec_public):verify(ec_signature, sha256()), pkey.new(certificate):verify(ec_signature, sha256()) }, { true, true });
	t.same(pkey.new(ec_public):verify(pkey.new(ec_private):sign(sha256()), sha256()), true);
	t.same({ pkey.new(rsa_public):type(), pkey.new(ec_private):type() }, { "rsaEncryption", "id-ecPublicKey" });
	t.same(tostring(pkey.new(ec_private)), pkey.new(ec_public):toPEM());
	local fresh = pkey.new { type = "EC", curve = "secp384r1" };
	local public, private = fresh:toPEM("public", "private");
	t.same({ pkey.new(public):verify(pkey.new(private):sign(sha256()), sha256()) }, { true });
	t.raises("neither a key nor", pkey.new, "nonsense");
	t.raises("public key cannot sign", function () pkey.new(rsa_public):sign(sha256()); end);
	t.raises("digest expected", function () pkey.new(ec_private):sign(message); end);
end);

t.case("openssl: ciphers", function ()
	local cipher = require "openssl.cipher";
	local hex = require "util.hex".from;
	local key, iv = hex "000102030405060708090a0b0c0d0e0f", hex "0f0e0d0c0b0a09080706050403020100";
	local c = cipher.new("AES-128-CBC"):encrypt(key, iv);
	t.same(c:update(message)..c:final(), from_base64 "DjQOSxOK3wwTivE62FdizA==");
	t.same(c:decrypt(key, iv):final(from_base64 "DjQOSxOK3wwTivE62FdizA=="), message);
	t.same({ c:decrypt(key, iv):final(("x"):rep(16)) }, { nil, "bad decrypt" });
	t.same({ c:encrypt(key, iv, false):final("x") }, { nil, "data not a multiple of the block length" });
	c = cipher.new("aes-256-gcm");
	local sealed = c:encrypt(key..key, iv:sub(1, 12)):final(message);
	local tag = c:getTag(16);
	t.same(c:decrypt(key..key, iv:sub(1, 12)):setTag(tag):final(sealed), message);
	t.same({ c:decrypt(key..key, iv:sub(1, 12)):setTag(iv):final(sealed) }, { nil, "bad decrypt" });
	t.same(cipher.new("aes-128-ctr"):decrypt(key, iv):final(cipher.new("aes-128-ctr"):encrypt(key, iv):final(message)), message);
	t.raises("no cipher", cipher.new, "rot13");
	t.raises("wrong size", function () cipher.new("aes-128-cbc"):encrypt("short", iv); end);
end);

t.case("openssl: random numbers, keys from passwords, certificates, large numbers", function ()
	local rand, kdf, x509, bignum = require "openssl.rand", require "openssl.kdf", require "openssl.x509", require "openssl.bignum";
	t.same({ #rand.bytes(5), rand.uniform(1), rand.ready() }, { 5, 0, true });
	t.same(kdf.derive { type = "PBKDF2"; md = "sha1"; pass = "password"; salt = "salt"; iter = 2; outlen = 20 },
		require "util.hashes".pbkdf2_hmac_sha1("password", "salt", 2));
	t.same(kdf.derive { type = "HKDF"; key = "k"; salt = "s"; info = "i"; outlen = 32 }, require "util.hashes".hkdf_hmac_sha256(32, "k", "s", "i"));
	local cert = x509.new(certificate);
	local from, to = cert:getLifetime();
	t.same({ cert:getSubject(), from < to, tostring(cert:getPublicKey()), #cert:digest("sha256"), #cert:digest("sha256", "s") },
		{ "CN=verona.example", true, tostring(require "openssl.pkey".new(ec_public)), 64, 32 });
	t.raises("", x509.new, "nonsense");
	local a = bignum.new("0xFFFFFFFFFFFFFFFFFF");
	t.same({ tostring(a + 1), a:toHex(), (a - a):toDecimal(), bignum.fromBinary("\1\0"):toDecimal(), (a * 2) % 2 == bignum.new(0), bignum.new(2) < a },
		{ "4722366482869645213696", "FFFFFFFFFFFFFFFFFF", "0", "256", true, true });
	t.raises("by zero", function () return a / 0; end);
end);

t.case("util.crypto", function ()
	local crypto = require "util.crypto";
	local rsa = crypto.import_public_pem(rsa_public);
	t.same({ rsa:get_type(), rsa:public_pem() == rsa_public.."\n", rsa:private_pem() }, { "rsaEncryption", true, nil, "not a private key" });
	t.same(crypto.rsassa_pkcs1_sha256_verify(rsa, message, rsa_signature), true);
	t.same(crypto.rsassa_pss_sha256_verify(rsa, message, pss_signature), true);
	t.same(crypto.rsassa_pss_sha256_verify(rsa, message, rsa_signature), false);
	t.same(crypto.ecdsa_sha256_verify(crypto.import_public_pem(ec_public), message, ec_signature), true);
	t.same(crypto.ed25519_verify(crypto.import_public_pem(ed_public), message, ed_signature), true);
	t.same(crypto.ed25519_verify(crypto.import_public_pem(ed_public), "else", ed_signature), false);
	local r, s = crypto.parse_ecdsa_signature(ec_signature);
	t.same({ #r, #s, crypto.build_ecdsa_signature(r, s) == ec_signature }, { 32, 32, true });
	t.same({ (crypto.parse_ecdsa_signature("x")), (crypto.import_private_pem(ec_public)), (crypto.import_public_pem(ec_private)) }, {});
	local a, b = crypto.generate_p256_keypair(), crypto.generate_p256_keypair();
	t.same(a:derive(b), b:derive(a));
	local text = crypto.aes_256_gcm_encrypt(("k"):rep(32), ("n"):rep(12), message);
	t.same({ #text, crypto.aes_256_gcm_decrypt(("k"):rep(32), ("n"):rep(12), text) }, { #message + 16, message });
	t.same({ crypto.aes_256_gcm_decrypt(("l"):rep(32), ("n"):rep(12), text) }, { nil, "decryption failed" });
end);

t.case("util.jwt: keys of RSA and elliptic curves", function ()
	local jwt, pkey = require "util.jwt", require "openssl.pkey";
	local rsa_new, rsa_new_private = pkey.new { bits = 2048 }:toPEM("public", "private");
	for _, algorithm in ipairs { "RS256", "RS512", "PS256", "PS384" } do
		t.same(t.pack(jwt.new_verifier(algorithm, rsa_new)(jwt.new_signer(algorithm, rsa_new_private)({ sub = algorithm }))), { n = 2, true, { sub = algorithm } });
	end
	local token = jwt.new_signer("ES256", ec_private)({ sub = "romeo" });
	t.same({ jwt.new_verifier("ES256", ec_public)(token) }, { true, { sub = "romeo" } });
	t.same(#require "basexx".from_url64(token:match("[^.]+$")), 64);
	t.same({ jwt.new_verifier("ES256", pkey.new({ type = "EC" }):toPEM())(token) }, { false, "signature-mismatch" });
	t.same({ jwt.new_verifier("RS256", rsa_public)(token) }, { nil, "unsupported-algorithm" });
	t.raises("incorrect key type", jwt.new_verifier, "RS256", ec_public);
	t.raises("cannot sign", jwt.new_signer, "ES256", ec_public);
end);

return t.finish();
