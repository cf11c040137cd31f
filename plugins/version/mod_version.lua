-- Software Version (XEP-0092) of the server.

local st = require "util.stanza";
local softreq = require "util.dependencies".softreq;

local NS = "jabber:iq:version";
local hide_os = module:get_option_boolean("hide_os_type", false);

module:add_feature(NS);

-- "Linux"; nil if it cannot be known.
local function system_name()
	local posix = softreq("util.pposix");
	return posix and posix.uname and posix.uname().sysname;
end

local answer = st.stanza("query", { xmlns = NS }):text_tag("name", "Quatrain"):text_tag("version", prosody.version);
local os_name = not hide_os and system_name();
if os_name then
	answer:text_tag("os", os_name);
end

module:hook("iq-get/host/"..NS..":query", function (event)
	event.origin.send(st.reply(event.stanza):add_child(answer));
	return true;
end);
