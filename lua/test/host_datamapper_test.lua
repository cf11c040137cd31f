local t = require "test.harness";
local map = require "util.datamapper";
local st = require "util.stanza";
local xml = require "util.xml";

local schema = {
	type = "object";
	xml = { name = "message"; namespace = "jabber:client" };
	properties = {
		to = { type = "string"; xml = { attribute = true } };
		lang = { type = "string"; xml = { attribute = true; prefix = "xml" } };
		body = { type = "string" };
		count = { type = "integer"; xml = { name = "c"; namespace = "urn:count" } };
		state = { type = "string"; enum = { "active"; "gone" }; xml = { x_name_is_value = true; namespace = "urn:state" } };
		quiet = { type = "boolean"; xml = { x_name_is_value = true } };
		oob = { type = "string"; xml = { name = "oob"; x_single_attribute = "url" } };
		delay = { type = "object"; xml = { namespace = "urn:xmpp:delay" };
			properties = { stamp = { type = "string"; xml = { attribute = true } }; reason = { type = "string"; xml = { text = true } } } };
		line = { type = "array"; items = { type = "string"; xml = { name = "line" } } };
		people = { type = "array"; xml = { wrapped = true }; items = { ["$ref"] = "#/definitions/person" } };
	};
	definitions = { person = { type = "object"; xml = { name = "person" }; properties = { name = { type = "string"; xml = { attribute = true } } } } };
};

local text = [[<message xmlns="jabber:client" to="juliet@localhost" xml:lang="en"><body>hi</body><c xmlns="urn:count">3</c><gone xmlns="urn:state"/>]]..
	[[<quiet/><oob url="urn:u"/><delay xmlns="urn:xmpp:delay" stamp="now">late</delay><line>one</line><line>two</line>]]..
	[[<people><person name="romeo"/><person name="nurse"/></people></message>]];
local value = {
	to = "juliet@localhost"; lang = "en"; body = "hi"; count = 3; state = "gone"; quiet = true; oob = "urn:u";
	delay = { stamp = "now"; reason = "late" }; line = { "one", "two" }; people = { { name = "romeo" }, { name = "nurse" } };
};

t.case("reading", function ()
	t.same(map.parse(schema, xml.parse(text)), value);
	t.same(map.parse(schema, st.message({})), {});
	t.same(map.parse({ type = "array"; items = { type = "object"; xml = { name = "a" }; properties = { b = { type = "number" } } } },
		xml.parse("<x><a><b>1.5</b></a><a/></x>")), { { b = 1.5 }, {} });
end);

t.case("writing", function ()
	t.same(map.parse(schema, map.unparse(schema, value)), value);
	local out = map.unparse(schema, { body = "x"; quiet = false; line = {} });
	t.same({ out.name, out.attr.xmlns, out:get_child_text("body"), #out.tags }, { "message", "jabber:client", "x", 1 });
	t.same(tostring(map.unparse({ type = "object"; xml = { name = "x" }; properties = { n = { type = "integer" } } }, { n = 4 })), "<x><n>4</n></x>");
end);

t.case("what a schema cannot be", function ()
	t.raises("", map.parse, { type = "string" }, st.message());
	t.raises("", map.parse, { type = "object"; properties = { a = { type = { "string", "null" } } } }, st.message());
end);

return t.finish();
