-- How fast clients and other servers may send: what comes faster waits in their own network buffers.

module:set_global();

local filters = require "util.filters";

-- bytes a second, and for how many seconds' worth at once after a pause
local DEFAULTS = {
	c2s = { rate = 10000, burst = 2 };
	s2sin = { rate = 30000, burst = 2 };
};

local UNITS = { b = 1, k = 1e3, m = 1e6, g = 1e9, t = 1e12 };

local limits; -- kind of stream -> { rate, burst }

-- "10kb/s", "1 mb/s"; a number is bytes a second.
local function parse_rate(text)
	if type(text) == "number" then return text; end
	local number, unit = tostring(text):match("^%s*(%d+%.?%d*)%s*(%a)%a*/s%s*$");
	local factor = unit and UNITS[unit:lower()];
	return factor and tonumber(number) * factor;
end

-- "2s", or a number of seconds.
local function parse_burst(text)
	return tonumber(text) or tonumber(tostring(text):match("^%s*(%d+%.?%d*)%s*s%s*$"));
end

local function setting(kind, name, given, parse, default)
	if given == nil then return default; end
	local value = parse(given);
	if not value then
		module:log("error", "limits: %s: %s: %q is none, %s holds", kind, name, tostring(given), default);
	end
	return value or default;
end

local function read()
	limits = {};
	for kind, default in pairs(DEFAULTS) do limits[kind] = default; end
	for kind, given in pairs(module:get_option("limits", {})) do
		local default = DEFAULTS[kind] or DEFAULTS.c2s;
		limits[kind] = {
			rate = setting(kind, "rate", given.rate, parse_rate, default.rate);
			burst = setting(kind, "burst", given.burst, parse_burst, default.burst);
		};
	end
end

local function limit(session)
	local its = limits[session.type:match("^[^_]+")];
	if its and session.conn and session.conn.setlimit then
		session.conn:setlimit(its.rate, its.burst);
	end
end

local function unlimit(session)
	if session.conn and session.conn.setlimit then session.conn:setlimit(0); end
end

read();
module:hook("config-reloaded", read); -- for the streams that are opened from then on

function module.load() filters.add_filter_hook(limit); end
function module.unload() filters.remove_filter_hook(limit); end

function module.add_host(module)
	local unlimited = module:get_option_inherited_set("unlimited_jids", {});

	local function check_user(event)
		local session = event.session;
		if unlimited:contains(session.username.."@"..session.host) then unlimit(session); end
	end
	module:hook("authentication-success", check_user);
	module:hook("resource-bind", check_user); -- there are other ways to authenticate

	module:hook("s2sin-established", function (event)
		if unlimited:contains(event.session.from_host) then unlimit(event.session); end
	end);
	module:hook("s2sout-established", function (event)
		if unlimited:contains(event.session.to_host) then unlimit(event.session); end
	end);
end
