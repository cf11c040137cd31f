local t = require "test.harness";
local hmac = require "util.hmac";

t.case("RFC 2202 and RFC 4231, case 2", function ()
	t.same(hmac.md5("Jefe", "what do ya want for nothing?", true), "750c783e6ab0b503eaa86e310a5db738");
	t.same(hmac.sha1("Jefe", "what do ya want for nothing?", true), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
end);

return t.finish();
