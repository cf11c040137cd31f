-- Cross-Origin Resource Sharing: which scripts of other sites may use an app (https://fetch.spec.whatwg.org/#http-cors-protocol).

local set = require "util.set";

local default_methods = module:get_option_set("access_control_allow_methods", { "GET", "OPTIONS" });
local default_headers = module:get_option_set("access_control_allow_headers", { "Content-Type" });
local default_origins = module:get_option_set("access_control_allow_origins", { "*" });
local default_credentials = module:get_option_boolean("access_control_allow_credentials", false);
local max_age = tostring(module:get_option_number("access_control_max_age", 2 * 60 * 60)); -- seconds
local enabled_by_default = module:get_option_boolean("http_default_cors_enabled", true);
local overrides = module:get_option("http_cors_override", {}); -- app → settings as below

local function list(items)
	local names = {};
	for item in items do names[#names+1] = item; end
	table.sort(names);
	return table.concat(names, ", ");
end

local function headers_of(settings)
	local headers = set.new();
	headers:include(default_headers);
	for header, allowed in pairs(settings.headers or {}) do
		if allowed then headers:add(header); else headers:remove(header); end
	end
	return headers;
end

local function origins_of(settings)
	local origins = settings.origins;
	if type(origins) == "string" then
		origins = { origins };
	end
	origins = origins and set.new(origins) or default_origins;
	return not origins:empty() and not origins:contains("*") and origins or nil;
end

-- The policy of an app, nil if other sites may do nothing. settings = { enabled, credentials, headers = { name → boolean }, origins = "*" or a list }.
local function policy_of(app, methods)
	local settings = overrides[app.name] or app.cors;
	if settings == nil then
		settings = enabled_by_default and {};
	end
	if not settings or settings.enabled == false then
		return nil;
	end
	local allowed = set.new();
	allowed:include(default_methods);
	allowed:add_list(methods);
	local credentials = settings.credentials;
	if credentials == nil then
		credentials = default_credentials;
	end
	return { methods = list(allowed), headers = list(headers_of(settings)), origins = origins_of(settings), credentials = credentials };
end

local function apply(policy, request, response)
	local origin, headers = request.headers.origin, response.headers;
	if policy.origins then
		headers.vary = "Origin";
		if not (origin and policy.origins:contains(origin)) then
			return;
		end
	end
	headers.access_control_allow_methods = policy.methods;
	headers.access_control_allow_headers = policy.headers;
	headers.access_control_max_age = max_age;
	headers.access_control_allow_origin = origin or "*";
	if policy.credentials then
		headers.access_control_allow_credentials = "true";
	end
end

return { policy_of = policy_of, apply = apply };
