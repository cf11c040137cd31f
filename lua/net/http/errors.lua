-- net.http.errors: errors of XMPP (util.error) for what comes of requests, and the registry that they are made of.

local codes = require "net.http.codes";
local errors = require "util.error";

local conditions = {}; -- code or text of net.http → type, condition, text
local function map(type, condition, ...)
	for _, code in ipairs({ ... }) do
		conditions[code] = { type = type, condition = condition, code = code, text = codes[code] };
	end
end

-- XEP-0086 was the model for most of these.
map("modify", "bad-request", 400, 411, 416, 422);
map("auth", "not-authorized", 401, 511);
map("auth", "payment-required", 402);
map("auth", "forbidden", 403, 451);
map("cancel", "item-not-found", 404);
map("cancel", "not-allowed", 405);
map("modify", "not-acceptable", 406);
map("auth", "registration-required", 407);
map("wait", "remote-server-timeout", 408, 502, 504);
map("cancel", "conflict", 409, 412);
map("cancel", "gone", 410);
map("modify", "resource-constraint", 413, 414, 431);
map("cancel", "feature-not-implemented", 415, 501);
map("wait", "resource-constraint", 423, 429, 507);
map("wait", "internal-server-error", 500);
map("cancel", "service-unavailable", 503);

-- What net.http calls back with instead of a body when the code is 0.
local function fail(name, type, condition, text)
	conditions[name] = { code = 0, type = type, condition = condition, text = text };
end
fail(0, "cancel", "internal-server-error", "The connection failed, or something inside");
fail("cancelled", "cancel", "remote-server-timeout", "The request was cancelled");
fail("connection-closed", "wait", "remote-server-timeout", "The connection was closed");
fail("certificate-chain-invalid", "cancel", "remote-server-timeout", "The server's certificate is not trusted");
fail("certificate-verify-failed", "cancel", "remote-server-timeout", "The server's certificate is another's");
fail("connection failed", "cancel", "remote-server-not-found", "The connection failed");
fail("invalid-url", "modify", "bad-request", "The URL is invalid");
fail("unable to resolve service", "cancel", "remote-server-not-found", "The server's name has no address");

local registry = setmetatable(conditions, { __index = function (_, code)
	if type(code) == "number" then
		return { type = "cancel", condition = "undefined-condition", code = code, text = codes[code] };
	end
end });

-- code and body as net.http's callback has them.
local function new(code, body, context)
	return errors.new(code == 0 and body or code, context, registry);
end

return { registry = registry, new = new };
