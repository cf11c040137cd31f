local t = require "test.harness";
local hashes = require "util.hashes";

t.case("digests", function ()
	t.same(hashes.md5("a", true), "0cc175b9c0f1b6a831c399e269772661");
	t.same(hashes.sha1("a", true), "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8");
	t.same(hashes.sha224("", true), "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f");
	t.same(hashes.sha256("", true), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	t.same({ #hashes.sha1("a"), #hashes.sha256("a"), #hashes.sha384("a"), #hashes.sha512("a"), #hashes.md5("a") }, { 20, 32, 48, 64, 16 });
	t.raises("string expected", hashes.sha1);
end);

t.case("hmac", function ()
	t.same(hashes.hmac_sha1("k", "m", true), "772b71c8a2997e768be01d9711e4a4f34a24ef33");
	t.same(hashes.hmac_sha256("key", "The quick brown fox jumps over the lazy dog", true),
		"f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
	t.same({ #hashes.hmac_sha512("k", "m"), #hashes.hmac_md5("k", "m") }, { 64, 16 });
	t.raises("string expected", hashes.hmac_sha1, "k");
end);

t.case("derived keys", function ()
	local hex = require "util.hex".encode;
	t.same(hex(hashes.pbkdf2_hmac_sha1("password", "salt", 2)), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
	t.same(hex(hashes.pbkdf2_hmac_sha256("password", "salt", 1)), "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b");
	t.same(hashes.scram_Hi_sha1("pencil", "salt", 10), hashes.pbkdf2_hmac_sha1("pencil", "salt", 10));
	t.raises("", hashes.pbkdf2_hmac_sha1, "p", "s", 0);
	if hashes.hkdf_hmac_sha256 then -- RFC 5869 A.1
		local key = hashes.hkdf_hmac_sha256(42, ("\11"):rep(22), "\0\1\2\3\4\5\6\7\8\9\10\11\12", "\240\241\242\243\244\245\246\247\248\249");
		t.same(hex(key), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
	end
end);

t.case("equals", function ()
	t.same({ hashes.equals("a", "a"), hashes.equals("a", "b"), hashes.equals("a", "ab"), hashes.equals("", "") }, { true, false, false, true });
	t.raises("string expected", hashes.equals, nil, "a");
end);

return t.finish();
