-- Tokens and keys are the test vectors of the specification (3-E-7, 4-S-3).
local t = require "test.harness";
local paseto = require "util.paseto";
local hex = require "util.hex";

t.case("v3.local: a token of others", function ()
	local key = hex.from "707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f";
	local token = "v3.local.JvdVM1RIKh2R1HhGJ4VLjaa4BCp5ZlI8K0BOjbvn9_LwY78vQnDait-Q-sjhF88dG2B0ROIIykcrGHn8wzPbTrqObHhyoKpjy3cwZQzLdiwRsdEK5SDvl02_HjWKJW2oqGMOQJkzWACWAIoVa0bz7EWSBoTEnS8MvGBYHHo6t6mJunPrFR9JKXFCc0obwz5N-pxFLOc.eyJraWQiOiJVYmtLOFk2aXY0R1poRnA2VHgzSVdMV0xmTlhTRXZKY2RUM3pkUjY1WVp4byJ9";
	local footer, implicit = '{"kid":"UbkK8Y6iv4GZhFp6Tx3IWLWLfNXSEvJcdT3zdR65YZxo"}', '{"test-vector":"3-E-7"}';
	local payload = { data = "this is a secret message"; exp = "2022-01-01T00:00:00+00:00" };
	t.same(paseto.v3_local.decrypt(token, key, footer, implicit), payload);
	t.same(paseto.v3_local.decrypt(token, key, nil, implicit), payload);
	t.same({ paseto.v3_local.decrypt(token, key, "other", implicit) }, { nil, "invalid-footer" });
	t.same({ paseto.v3_local.decrypt(token, key, footer, "other") }, { nil, "invalid-token" });
	t.same({ paseto.v3_local.decrypt(token, ("k"):rep(32), footer, implicit) }, { nil, "invalid-token" });
	t.same({ paseto.v3_local.decrypt("v4.local.x", key) }, { nil, "invalid-token-format" });
	t.same({ paseto.v3_local.decrypt("v3.local.AAAA", key) }, { nil, "invalid-token-format" });
end);

t.case("v3.local: our own", function ()
	local encrypt, decrypt = paseto.v3_local.init(paseto.v3_local.new_key());
	local token = encrypt({ a = 1 }, "footer", "implicit");
	t.same({ decrypt(token, "footer", "implicit") }, { { a = 1 } });
	t.same({ decrypt(token, "footer") }, { nil, "invalid-token" });
	t.same({ encrypt("text") }, { nil, "PASETO payloads must be a table" });
	t.same(#encrypt({}) > 9, true);
	t.raises("invalid key", paseto.v3_local.init, "secret");
end);

t.case("v4.public", function ()
	local private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEILTL+0PfTOIQcn2VPkpxMwf6Gbt9n4UEFDjZ4RuUKjd0\n-----END PRIVATE KEY-----";
	local public = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAHrnbu7wEfAP9cGBOAHHwmH4Wsot1ciXBHwBBXQ4gsaI=\n-----END PUBLIC KEY-----";
	local token = "v4.public.eyJkYXRhIjoidGhpcyBpcyBhIHNpZ25lZCBtZXNzYWdlIiwiZXhwIjoiMjAyMi0wMS0wMVQwMDowMDowMCswMDowMCJ9NPWciuD3d0o5eXJXG5pJy-DiVEoyPYWs1YSTwWHNJq6DZD3je5gf-0M4JR9ipdUSJbIovzmBECeaWmaqcaP0DQ.eyJraWQiOiJ6VmhNaVBCUDlmUmYyc25FY1Q3Z0ZUaW9lQTlDT2NOeTlEZmdMMVc2MGhhTiJ9";
	local sign, verify = paseto.v4_public.init(private, public);
	t.same(verify(token, nil, '{"test-vector":"4-S-3"}'), { data = "this is a signed message"; exp = "2022-01-01T00:00:00+00:00" });
	t.same({ verify(token) }, { nil, "invalid-token" });
	t.same(verify(sign({ b = 2 })), { b = 2 });
	local pair = paseto.v4_public.new_keypair();
	t.same(paseto.v4_public.verify(paseto.v4_public.sign({ c = 3 }, pair.private_key), pair.public_key), { c = 3 });
	t.same(paseto.v4_public.import_public_key(pair.public_key:export()):export(), pair.public_key:export());
	t.raises("with this key", paseto.v4_public.sign, {}, pair.public_key);
	t.raises("", paseto.v4_public.import_public_key, "nonsense");
end);

return t.finish();
