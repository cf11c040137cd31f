local t = require "test.harness";
local errors = require "util.error";
local st = require "util.stanza";

local message = st.message { from = "a@b/c", to = "d@e", id = "1" };

t.case("from_stanza", function ()
	local err = errors.from_stanza(st.error_reply(message, "auth", "forbidden", "No"), { k = 1 });
	t.same({ err.type, err.condition, err.text, err.context.by, err.context.k }, { "auth", "forbidden", "No", "d@e", 1 });
end);

t.case("redirect", function ()
	local reply = st.error_reply(message, "modify", "redirect");
	reply:get_child("error"):get_child("redirect", "urn:ietf:params:xml:ns:xmpp-stanzas"):text("xmpp:x@y");
	t.same(errors.from_stanza(reply).extra.uri, "xmpp:x@y");
end);

t.case("an error object is an argument of error_reply", function ()
	local reply = st.error_reply(message, errors.new { type = "wait", condition = "conflict", text = "Later" });
	t.same({ reply:get_error() }, { "wait", "conflict", "Later" });
end);

t.case("a stanza without error has none to tell", function ()
	local broken = st.message({ type = "error" }, "Alas");
	t.same(select("#", broken:get_error()), 4);
	t.same(broken:get_error(), nil);
	t.same(select(2, broken:get_error()), nil);
end);

t.case("an error that does not say which", function ()
	local vague = st.message({ type = "error" }):tag("error", { type = "wait" });
	t.same({ vague:get_error() }, { "wait", "undefined-condition" });
end);

return t.finish();
