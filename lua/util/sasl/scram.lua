-- util.sasl.scram: the keys that SCRAM stores of a password (RFC 5802 §3). hashers["SHA-1"](password, salt, iterations) → true, stored key, server
-- key; false and why not. The mechanisms themselves are in util.sasl.

local hashes = require "util.hashes";
local saslprep = require "util.encodings".stringprep.saslprep;

local function hasher(hash, hmac, pbkdf2)
	return function (password, salt, iterations)
		if type(password) ~= "string" or type(salt) ~= "string" or type(iterations) ~= "number" then
			return false, "inappropriate argument types";
		end
		password = saslprep(password);
		if not password then
			return false, "password fails SASLprep";
		end
		local salted = pbkdf2(password, salt, iterations);
		return true, hash(hmac(salted, "Client Key")), hmac(salted, "Server Key");
	end;
end

local sha1 = hasher(hashes.sha1, hashes.hmac_sha1, hashes.pbkdf2_hmac_sha1);

return {
	get_hash = hasher, getAuthenticationDatabaseSHA1 = sha1;
	hashers = setmetatable({}, { __index = { ["SHA-1"] = sha1, ["SHA-256"] = hasher(hashes.sha256, hashes.hmac_sha256, hashes.pbkdf2_hmac_sha256) } });
	init = function () end; -- util.sasl has the mechanisms
};
