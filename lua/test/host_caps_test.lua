local t = require "test.harness";
local caps = require "util.caps";
local st = require "util.stanza";

t.case("the examples of XEP-0115", function ()
	local query = st.stanza("query", { xmlns = "http://jabber.org/protocol/disco#info" })
		:tag("identity", { category = "client", name = "Exodus 0.9.1", type = "pc" }):up();
	for _, feature in ipairs { "caps", "disco#items", "disco#info", "muc" } do
		query:tag("feature", { var = "http://jabber.org/protocol/"..feature }):up();
	end
	t.same((caps.calculate_hash(query)), "QgayPKawpkPSDYmwT/WM94uAlu0=");
	t.same((caps.calculate_hash(query.tags)), "QgayPKawpkPSDYmwT/WM94uAlu0=");
end);

t.case("with a form and two languages", function ()
	local query = st.stanza("query", { xmlns = "http://jabber.org/protocol/disco#info" })
		:tag("identity", { ["xml:lang"] = "en", category = "client", name = "Psi 0.11", type = "pc" }):up()
		:tag("identity", { ["xml:lang"] = "el", category = "client", name = "Ψ 0.11", type = "pc" }):up();
	for _, feature in ipairs { "caps", "disco#info", "disco#items", "muc" } do
		query:tag("feature", { var = "http://jabber.org/protocol/"..feature }):up();
	end
	query:tag("x", { xmlns = "jabber:x:data", type = "result" });
	for _, field in ipairs {
		{ "FORM_TYPE", "urn:xmpp:dataforms:softwareinfo" }, { "ip_version", "ipv4", "ipv6" };
		{ "os", "Mac" }, { "os_version", "10.5.1" }, { "software", "Psi" }, { "software_version", "0.11" };
	} do
		query:tag("field", { var = field[1] });
		for i = 2, #field do query:text_tag("value", field[i]); end
		query:up();
	end
	t.same((caps.calculate_hash(query:up())), "q07IKJEyjvHSyhy//CH0CxmKi8w=");
end);

return t.finish();
