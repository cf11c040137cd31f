-- Does behind the scenes what scripts ask for in messages to the service: "fire NAME" fires a global event, "unload NAME" and
-- "reload NAME" do that to a plugin. The answer is a message with the body "done".

local st = require "util.stanza";
local modulemanager = require "core.modulemanager";

local actions = {};

function actions.fire(name)
	prosody.events.fire_event(name, {});
	return true;
end

function actions.unload(name)
	return modulemanager.unload(module.host, name);
end

function actions.reload(name)
	return modulemanager.reload(module.host, name);
end

module:hook("message/host", function (event)
	local stanza = event.stanza;
	local action, name = (stanza:get_child_text("body") or ""):match("^(%S+) (%S+)$");
	if not actions[action] then return; end
	local ok, err = actions[action](name);
	event.origin.send(st.reply(stanza):body(ok and "done" or "failed: "..tostring(err)));
	return true;
end);
