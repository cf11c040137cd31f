-- xmpp:ping

local st = require "util.stanza";
local id = require "util.id";
local time = require "util.time";

local TIMEOUT = 10; -- seconds

local function ping(_, from, to, timeout)
	if not to then
		return nil, "want the host of ours that asks, and whom it asks";
	end
	if not prosody.hosts[from] then return nil, "there is no host "..from; end
	local began = time.now();
	local request = st.iq({ from = from; to = to; type = "get"; id = id.short() }):tag("ping", { xmlns = "urn:xmpp:ping" });
	return module:context(from):send_iq(request, nil, timeout or TIMEOUT):next(function ()
		return ("%s has answered after %.3f seconds"):format(to, time.now() - began);
	end);
end

return function (add)
	add("xmpp", "Ask others whether they are there")("ping", "Ask a server or a client whether it is there",
		{ { name = "from"; type = "string" }, { name = "to"; type = "string" }, { name = "timeout"; type = "number" } }, ping);
end;
