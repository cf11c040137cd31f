-- Last Activity (XEP-0012 #server): for how long the server has been running. Also as a command, for people.

local st = require "util.stanza";

local NS = "jabber:iq:last";

local minute, hour, day = 60, 3600, 86400; -- seconds

module:add_feature(NS);

local function seconds_running()
	return os.time() - prosody.start_time;
end

module:hook("iq-get/host/"..NS..":query", function (event)
	event.origin.send(st.reply(event.stanza):tag("query", { xmlns = NS, seconds = ("%d"):format(seconds_running()) }));
	return true;
end);

if not module:depends("adhoc", true) then return; end -- the operator has disabled it

local function tell()
	local seconds = seconds_running();
	local text = ("Running for %d days, %d hours and %d minutes, since %s"):format(math.floor(seconds / day),
		math.floor(seconds % day / hour), math.floor(seconds % hour / minute), os.date("!%Y-%m-%d %H:%M UTC", prosody.start_time));
	return { status = "completed"; info = text };
end

module:provides("adhoc", module:require("adhoc").new("Tell the uptime", "uptime", tell, "any"));
