-- In-Band Registration (XEP-0077): accounts change their password and remove themselves. With allow_registration, strangers make new ones:
-- that is registration.lib.lua, and limits.lib.lua says how often.

local st = require "util.stanza";
local usermanager = require "core.usermanager";
local nodeprep = require "util.encodings".stringprep.nodeprep;

local NS = "jabber:iq:register";

module:add_feature(NS);
if module:get_option_boolean("allow_registration", false) then
	module:require("limits");
	module:require("registration");
end

local function show(event)
	event.origin.send(st.reply(event.stanza):tag("query", { xmlns = NS })
		:tag("registered"):up():text_tag("username", event.origin.username):tag("password"):up());
end

local function change_password(event)
	local origin, stanza = event.origin, event.stanza;
	local query = stanza.tags[1];
	local username, password = query:get_child_text("username"), query:get_child_text("password");
	if not username or not password or password == "" or nodeprep(username) ~= origin.username then
		origin.send(st.error_reply(stanza, "modify", "bad-request"));
		return;
	end
	local ok, err = usermanager.set_password(origin.username, password, origin.host, origin.resource);
	if ok then
		module:log("info", "%s changed their password", origin.username);
		origin.send(st.reply(stanza));
	else
		module:log("error", "changing the password of %s: %s", origin.username, err);
		origin.send(st.error_reply(stanza, "wait", "internal-server-error"));
	end
end

local farewells = {}; -- by user name, the answer to their last request

-- The removal has succeeded. Before the streams end, at 200.
module:hook_global("user-deleted", function (event)
	local farewell = event.host == module.host and farewells[event.username];
	if farewell then farewell(); end
end, 300);

local function remove(event)
	local origin, stanza = event.origin, event.stanza;
	local username = origin.username;
	farewells[username] = function () origin.send(st.reply(stanza)); end;
	local ok, err = usermanager.delete_user(username, module.host);
	farewells[username] = nil;
	if ok then
		module:log("info", "%s removed their account", username);
		module:fire_event("user-deregistered", { username = username, host = module.host, source = "mod_register", session = origin });
	else
		module:log("error", "removing the account of %s: %s", username, err);
		origin.send(st.error_reply(stanza, "wait", "internal-server-error"));
	end
end

local function manage(event)
	local stanza = event.stanza;
	if stanza.attr.type == "get" then
		show(event);
	elseif stanza.tags[1]:get_child("remove") then
		remove(event);
	else
		change_password(event);
	end
	return true;
end

module:hook("iq/self/"..NS..":query", manage);

-- Clients ask the host as well (XEP-0077 #usecases-changepw).
module:hook("iq/host/"..NS..":query", function (event)
	if event.origin.type == "c2s" and event.origin.host == module.host then
		return manage(event);
	end
end);
