-- Sends every message back, for the fault test: a plugin that is not attacked.
local st = require "util.stanza";

module:hook("message/bare", function (event)
	module:send(st.message({ from = event.stanza.attr.to, to = event.stanza.attr.from, type = "chat" }, event.stanza:get_child_text("body")));
	return true;
end);
