local t = require "test.harness";
local hex = require "util.hex";
local scram = require "util.sasl.scram";
local base64 = require "util.encodings".base64;
if scram.init and not next(scram.hashers) then scram.init(function () end); end

-- The values of RFC 5802 §5 and RFC 7677 §3: the server signature shows that the server key is right.
t.case("keys of the examples in the RFCs", function ()
	local hashes = require "util.hashes";
	local examples = {
		["SHA-1"] = { hmac = hashes.hmac_sha1, salt = "QSXCR+Q6sek8bf92"; signature = "rmF9pqV8S7suAoZWja4dJRkFsKQ=";
			message = "n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
				.."s=QSXCR+Q6sek8bf92,i=4096,c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j" };
		["SHA-256"] = { hmac = hashes.hmac_sha256, salt = "W22ZaJ0SNY7soEsUEjb6gQ=="; signature = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
			message = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
				.."s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0" };
	};
	for name, e in pairs(examples) do
		local ok, stored, server = scram.hashers[name]("pencil", base64.decode(e.salt), 4096);
		t.same(ok, true);
		t.same(base64.encode(e.hmac(server, e.message)), e.signature);
		t.same(#hex.to(stored), name == "SHA-1" and 40 or 64);
	end
end);

t.case("what is no password", function ()
	t.same((scram.hashers["SHA-1"](nil, "salt", 4096)), false);
end);

return t.finish();
