local t = require "test.harness";
local template = require "util.template";

t.case("placeholders", function ()
	local message = template [[
		<message to="{to}" type="chat">
			<body>Hello, {name}!</body>
		</message>
	]];
	local stanza = message.apply { to = "a@b", name = "<Romeo>" };
	t.same({ stanza.attr.to, stanza.attr.type, stanza:get_child_text("body") }, { "a@b", "chat", "Hello, <Romeo>!" });
	t.same(#stanza, 1);
	t.same(message.apply({ to = "c@d" }):get_child_text("body"), "Hello, !");
end);

return t.finish();
