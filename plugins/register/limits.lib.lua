-- Who may register, and how often: by IP address. Addresses may be networks ("192.0.2.0/24").

local new_throttle = require "util.throttle".create;
local new_cache = require "util.cache".new;
local ip = require "util.ip";
local errors = require "util.error";

-- Prosody's names of 0.11, then those of before.
local only_allowed = module:get_option_boolean("allowlist_registration_only", module:get_option_boolean("whitelist_registration_only", false));
local allowed = module:get_option_set("registration_allowlist", module:get_option("registration_whitelist", { "127.0.0.1", "::1" }));
local blocked = module:get_option_set("registration_blocklist", module:get_option("registration_blacklist", {}));

local get_period = module.get_option_period or module.get_option_number; -- Prosody 0.12 takes seconds only
local pause = module:get_option_number("min_seconds_between_registrations"); -- short for one in this period
local burst = module:get_option_number("registration_throttle_max", pause and 1 or 5);
local period = get_period(module, "registration_throttle_period", pause or 3600);
local cache_size = module:get_option_number("registration_throttle_cache_size", 100);
local block_overflow = module:get_option_boolean("blocklist_on_registration_throttle_overload",
	module:get_option_boolean("blacklist_on_registration_throttle_overload", false));

local refusals = errors.init("mod_register", {
	blocked = { type = "auth", condition = "forbidden", text = "Registration is not possible from your address" };
	throttled = { type = "wait", condition = "policy-violation", text = "Too many registrations from your address" };
});

-- Somebody with many addresses pushes throttles out of the cache; an address that is still over its limit then stays out.
local throttles = new_cache(cache_size, block_overflow and function (address, throttle)
	if not throttle:peek() then
		module:log("info", "too many addresses register: blocking %s", address);
		blocked:add(address);
	end
end or nil);

local function matches(networks, address)
	if networks:contains(address) then
		return true;
	end
	local parsed = ip.new_ip(address);
	for network in networks do
		if parsed and ip.match(parsed, ip.parse_cidr(network)) then
			return true;
		end
	end
	return false;
end

local function within_limits(address)
	local throttle = throttles:get(address) or new_throttle(burst, period);
	throttles:set(address, throttle); -- anew, or it would be the first one to go
	return throttle:poll(1);
end

module:hook("user-registering", function (event)
	local address = event.ip or event.session and event.session.ip;
	if not address then
		module:log("warn", "registration of %s: the address is not known, no limits apply", event.username);
		return;
	end
	local trusted = matches(allowed, address);
	if matches(blocked, address) or only_allowed and not trusted then
		event.allowed, event.error = false, refusals.new("blocked");
	elseif not trusted and not within_limits(address) then
		event.allowed, event.error = false, refusals.new("throttled");
	end
end);
