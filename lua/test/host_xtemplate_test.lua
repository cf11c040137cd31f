local t = require "test.harness";
local st = require "util.stanza";
local render = require "util.xtemplate".render;

local message = st.message({ from = "romeo@x", type = "chat" }):body("a < b")
	:tag("list", { xmlns = "urn:x" }):text_tag("item", "one"):text_tag("item", "two"):up();

t.case("paths", function ()
	t.same(render("{@from}: {body#}", message), "romeo@x: a &lt; b");
	t.same(render("{body}|{none}|{@none}", message, function (s) return s; end), "a < b||");
	t.same(render("{#}", st.stanza("x"):text("hi")), "hi");
end);

t.case("conditions", function ()
	t.same(render("{@type|and{is {@type}}}{none|and{no}}", message), "is chat");
	t.same(render("{none|or{nothing}}{@type|or{no}}", message), "nothingchat");
	t.same(render("{@type|and(none){no}}", message), "chat");
end);

t.case("each", function ()
	t.same(render("{{urn:x}list|each(item){<{#}>}}", message), "<one><two>");
	t.same(render("{body|each{[{#}]}}", message), "[a &lt; b]");
end);

t.case("filters", function ()
	local filters = { upper = function (s) return s:upper(); end, wrap = function (arg, s) return arg..s..arg, true; end };
	t.same(render("{@type|upper} {@type|upper|wrap(<)}", message, nil, filters), "CHAT <CHAT<");
	t.raises("none", render, "{@type|none}", message, nil, {});
end);

return t.finish();
