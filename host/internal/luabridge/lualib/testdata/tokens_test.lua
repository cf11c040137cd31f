local t = require "test.harness";

t.case("util.jwt", function ()
	local jwt = require "util.jwt";
	local token = jwt.sign("key", { sub = "romeo" });
	t.same({ token:match("^[%w_-]+%.[%w_-]+%.[%w_-]+$"), jwt.verify("key", token) }, { token, true, { sub = "romeo" } });
	t.same({ jwt.verify("other", token) }, { false, "signature-mismatch" });
	t.same({ jwt.verify("key", "nonsense") }, { nil, "invalid-encoding" });
	t.same({ jwt.verify("key", "a.b.c") }, { nil, "invalid-header" });
	t.same({ jwt.verify("key", "eyJhbGciOiJub25lIn0.e30.x") }, { nil, "unsupported-algorithm" });
	-- RFC 7515 A.1 has line breaks in its JSON, which a signature is over.
	t.same(jwt.verify("secret", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.XbPfbIHMI6arZ3Y922BhjWgQzWXcXNrz0ogtVhfEd2o"), true);
	if jwt.new_signer then -- 13
		local sign, verify = jwt.new_signer("HS512", "key", { default_ttl = -10 }), jwt.new_verifier("HS512", "key");
		t.same({ verify(sign({})) }, { false, "token-expired" });
		t.same({ (jwt.new_verifier("HS512", "key", { accept_expired = true })(sign({}))), (verify(jwt.new_signer("HS512", "key")({}))) }, { true, true });
		t.same({ (verify(jwt.new_signer("HS256", "key")({}))) }, {});
		sign, verify = jwt.init("HS384", "k");
		t.same({ verify(sign({ a = 1 })) }, { true, { a = 1 } });
		t.raises("unsupported", jwt.new_signer, "none", "key");
	end
end);

t.case("util.x509", function ()
	local x509 = require "util.x509";
	t.same(t.pack(x509.pem2der("nonsense")), { n = 0 });
	t.same({ x509.pem2der("-----BEGIN X-----\nYWJj\n-----END X-----\n") }, { "abc", "X" });
	if not OURS then return; end -- Prosody's der2pem raises an error on Lua 5.4
	local der = ("x"):rep(100);
	local pem = x509.der2pem(der);
	t.same({ pem:match("^%-%-%-%-%-BEGIN CERTIFICATE%-%-%-%-%-\n"), #pem:match("\n([^\n]+)\n"), x509.pem2der(pem) }, { "-----BEGIN CERTIFICATE-----\n", 64, der, "CERTIFICATE" });
	t.same(select(2, x509.pem2der(x509.der2pem("x", "private key"))), "PRIVATE KEY");
end);

t.case("util.sasl", function ()
	local sasl = require "util.sasl";
	local profile = { plain_test = function (self, user, password, realm)
		if user == "disabled" then return true, false; elseif user == "none" then return false, nil; end
		return self.realm == realm and password == "secret", true;
	end };
	local function plain(message)
		local handler = sasl.new("host", profile);
		t.same({ handler:mechanisms(), handler:select("X"), handler:select("PLAIN"), handler:select("PLAIN"), handler.selected }, { { PLAIN = true }, nil, true, nil, "PLAIN" });
		local status, condition = handler:process(message);
		return { status, condition, handler.username };
	end
	t.same(plain("\0romeo\0secret"), { "success", nil, "romeo" });
	t.same(plain("\0romeo\0wrong"), { "failure", "not-authorized", "romeo" });
	t.same(plain("\0disabled\0secret"), { "failure", "account-disabled", "disabled" });
	t.same(plain("\0none\0secret"), { "failure", "not-authorized", "none" });
	for _, bad in ipairs { "", "romeo", "\0romeo", "\0\0secret", "\0romeo\0", "\0\255\0secret" } do
		t.same({ bad, plain(bad)[2] }, { bad, "malformed-request" });
	end
	local anonymous = sasl.new("host", { anonymous = function (_, user, realm) return #user > 10 and realm == "host"; end });
	t.same({ anonymous:select("ANONYMOUS"), anonymous:process(""), #anonymous.username > 10 }, { true, "success", true });
	local clone = anonymous:clean_clone();
	t.same({ clone.selected, clone:mechanisms() }, { nil, { ANONYMOUS = true } });
	local external = sasl.new("host", { external = function (name) return name, name ~= "nobody" or nil; end });
	t.same({ external:select("EXTERNAL"), external:process("romeo"), external.username }, { true, "success", "romeo" });
end);

t.case("SCRAM", function ()
	local sasl, hashes, base64 = require "util.sasl", require "util.hashes", require "util.encodings".base64;
	local xor = require "util.strbitop".sxor;
	local profile = { plain = function (self, user)
		if user == "none" then return "", nil; elseif user == "disabled" then return "pencil", false; end
		return "pencil", true;
	end };
	local function try(user, password)
		local handler = sasl.new("host", profile);
		handler:select("SCRAM-SHA-1");
		local status, challenge = handler:process("n,,n="..user..",r=abc");
		if status ~= "challenge" then return status, challenge; end
		local nonce, salt, count = challenge:match("^r=([^,]+),s=([^,]+),i=(%d+)$");
		local key = hashes.pbkdf2_hmac_sha1(password, base64.decode(salt), tonumber(count));
		local client, bare = hashes.hmac_sha1(key, "Client Key"), "c=biws,r="..nonce;
		local auth = "n="..user..",r=abc,"..challenge..","..bare;
		local proof = xor(client, hashes.hmac_sha1(hashes.sha1(client), auth));
		local result, final = handler:process(bare..",p="..base64.encode(proof));
		if result == "success" then
			t.same(final, "v="..base64.encode(hashes.hmac_sha1(hashes.hmac_sha1(key, "Server Key"), auth)));
			t.same(handler.username, user);
		end
		return result, final;
	end
	t.same((try("romeo", "pencil")), "success");
	t.same({ (try("romeo", "wrong")), (select(2, try("romeo", "wrong"))) }, { "failure", "not-authorized" });
	t.same({ (try("none", "pencil")), (select(2, try("none", "pencil"))) }, { "failure", "not-authorized" });
	t.same({ (try("disabled", "pencil")), (select(2, try("disabled", "pencil"))) }, { "failure", "account-disabled" });
	local handler = sasl.new("host", profile);
	t.same({ handler:mechanisms()["SCRAM-SHA-1"], handler:mechanisms()["SCRAM-SHA-256"], handler:mechanisms().PLAIN }, { true, true, true });
	handler:select("SCRAM-SHA-256");
	t.same({ handler:process("nonsense") }, { "failure", "malformed-request" });
end);

t.case("mechanisms of modules", function ()
	local sasl = require "util.sasl";
	sasl.registerMechanism("X-TEST", { "x_test" }, function (self, message) return self.profile.x_test(message) and "success" or "failure", "not-authorized"; end);
	sasl.registerMechanism("X-TEST-PLUS", { "x_test" }, function () return "success"; end, { "tls-exporter" });
	local handler = sasl.new("host", { x_test = function (message) return message == "ok"; end });
	t.same({ handler:mechanisms(), handler:select("X-TEST"), (handler:process("ok")), (handler:process("no")) }, { { ["X-TEST"] = true }, true, "success", "failure" });
	handler:add_cb_handler("tls-exporter", function () end);
	t.same(handler:mechanisms(), { ["X-TEST"] = true, ["X-TEST-PLUS"] = true });
end);

return t.finish();
