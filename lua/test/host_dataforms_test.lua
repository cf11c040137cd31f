local t = require "test.harness";
local dataforms = require "util.dataforms";
local st = require "util.stanza";

local layout = dataforms.new {
	title = "Title", instructions = "Fill in";
	{ name = "FORM_TYPE", type = "hidden", value = "urn:example" };
	{ name = "nick", var = "x#nick", type = "text-single", label = "Nick", desc = "Your nick", required = true };
	{ name = "count", type = "text-single", datatype = "xs:integer", range_min = 1, range_max = 10, value = 5 };
	{ name = "when", type = "text-single", datatype = "xs:dateTime" };
	{ name = "open", type = "boolean", value = false };
	{ name = "kind", type = "list-single", options = { "a", { value = "b", label = "B", default = true } } };
	{ name = "many", type = "list-multi", options = { { value = "1", default = true }, { value = "2", default = true } } };
	{ name = "owner", type = "jid-single" };
	{ name = "members", type = "jid-multi" };
	{ name = "lines", type = "text-multi" };
	{ type = "fixed", value = "A heading" };
};

local function submit(fields)
	local x = st.stanza("x", { xmlns = "jabber:x:data", type = "submit" });
	for var, values in pairs(fields) do
		x:tag("field", { var = var });
		for _, value in ipairs(type(values) == "table" and values or { values }) do
			x:text_tag("value", value);
		end
		x:up();
	end
	return x;
end

local function field(form, var)
	for element in form:childtags("field") do
		if element.attr.var == var then return element; end
	end
end

t.case("form to fill in", function ()
	local x = layout:form { nick = "Romeo", lines = "one\ntwo", members = { "a@b", "c@d" }, when = 0, open = true };
	t.same({ x.name, x.attr.xmlns, x.attr.type }, { "x", "jabber:x:data", "form" });
	t.same({ x:get_child_text("title"), x:get_child_text("instructions") }, { "Title", "Fill in" });
	t.same(dataforms.get_type(x), "urn:example");
	local nick = field(x, "x#nick");
	t.same({ nick.attr.label, nick:get_child_text("desc"), nick:get_child_text("value") }, { "Nick", "Your nick", "Romeo" });
	t.same(nick:get_child("required") ~= nil, true);
	local count = field(x, "count");
	local validate = count:get_child("validate", "http://jabber.org/protocol/xdata-validate");
	t.same({ count:get_child_text("value"), validate.attr.datatype }, { "5", "xs:integer" });
	t.same({ validate:get_child("range").attr.min, validate:get_child("range").attr.max }, { "1", "10" });
	t.same(field(x, "when"):get_child_text("value"), "1970-01-01T00:00:00Z");
	t.same(field(x, "open"):get_child_text("value"), "1");
	t.same({ #field(x, "lines").tags, #field(x, "members").tags }, { 2, 2 });
end);

t.case("options", function ()
	local x = layout:form();
	t.same({ field(x, "kind"):get_child_text("value"), field(x, "open"):get_child_text("value") }, { "b", "0" });
	t.same(field(x, "kind"):get_child("option").attr.label, "a");
	t.same(#field(x, "many").tags, 4);
	local dynamic = field(layout:form { kind = { "x", { value = "y", default = true } } }, "kind");
	t.same({ dynamic:get_child("option"):get_child_text("value"), dynamic:get_child_text("value") }, { "x", "y" });
	t.same(field(layout:form({ kind = "a" }, "result"), "kind"):get_child("option"), nil);
end);

t.case("other form types", function ()
	t.same(#layout:form(nil, "cancel").tags, 0);
	local x = layout:form({ nick = "Romeo" }, "submit");
	t.same({ x:get_child("title") == nil, field(x, "x#nick").attr.label == nil }, { true, true });
	t.same(field(x, "x#nick"):get_child("required"), nil);
end);

t.case("submitted values", function ()
	local values, errors, present = layout:data(submit {
		["x#nick"] = "Romeo", count = "7", when = "1970-01-01T00:01:00Z", open = "true", kind = "a", many = { "1", "2" };
		owner = "Romeo@Example.COM", members = { "a@B.c", "d@e" }, lines = { "one", "two" };
	});
	t.same(errors, nil);
	t.same(values, {
		nick = "Romeo", count = 7, when = 60, open = true, kind = "a", many = { "1", "2" };
		owner = "romeo@example.com", members = { "a@b.c", "d@e" }, lines = "one\ntwo";
	});
	t.same({ present.nick, present.count, present.FORM_TYPE == nil }, { true, true, true });
end);

t.case("errors", function ()
	local values, errors = layout:data(submit {
		count = "11", when = "soon", open = "maybe", owner = "@", members = { "a@b", "@" };
	});
	for _, name in ipairs { "nick", "count", "when", "open", "owner", "members" } do
		t.same({ name, type(errors[name]) }, { name, "string" });
	end
	t.same(values, { members = { "a@b" } });
	t.same(select(2, layout:data(submit { ["x#nick"] = "" })).nick ~= nil, true);
	t.same(select(2, layout:data(submit { ["x#nick"] = "x", count = "1.5" })).count ~= nil, true);
	t.same(select(2, layout:data(submit { ["x#nick"] = "x", count = "x" })).count ~= nil, true);
end);

t.case("values kept from before", function ()
	local values, errors, present = layout:data(submit { open = "0" }, { nick = "Old", open = true });
	t.same({ values.nick, values.open, errors, present.nick }, { "Old", false, nil, nil });
end);

t.case("integer or max", function ()
	local limits = dataforms.new { { name = "n", type = "text-single", datatype = "pubsub:integer-or-max" } };
	t.same(limits:data(submit { n = "max" }).n, "max");
	t.same(limits:data(submit { n = "3" }).n, 3);
end);

t.case("media", function ()
	local captcha = dataforms.new { { name = "q", type = "text-single", media = { height = 80, width = 100, { type = "image/png", uri = "cid:1" } } } };
	local media = field(captcha:form(), "q"):get_child("media", "urn:xmpp:media-element");
	t.same({ media.attr.height, media.attr.width, media:get_child_text("uri") }, { "80", "100", "cid:1" });
end);

t.case("get_type refuses what is no form", function ()
	t.same(dataforms.get_type {}, nil);
	t.same(dataforms.get_type(st.stanza("y")), nil);
	t.same(dataforms.get_type(st.stanza("x", { xmlns = "jabber:x:data" })), "");
end);

if dataforms.from_stanza then -- 13
	t.case("layout of somebody's form", function ()
		local copy = dataforms.from_stanza(layout:form { nick = "Romeo" });
		t.same({ copy.title, copy[2].name, copy[2].value, copy[2].required }, { "Title", "x#nick", "Romeo", true });
		t.same(copy[6].options, { { value = "a", label = "a" }, { value = "b", label = "B" } });
	end);
end

return t.finish();
