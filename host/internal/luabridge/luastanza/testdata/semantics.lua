-- What a stanza in Lua must do because a table of Prosody's does it. Each check is one way in which modules touch stanzas.
local st = require "util.stanza";

local checks = {};
local function check(name, f) table.insert(checks, { name = name, run = f }); end

local function sample()
	return st.message({ from = "romeo@montague.lit/orchard", to = "juliet@capulet.lit", type = "chat", id = "1" })
		:tag("body"):text("hello"):up()
		:tag("x", { xmlns = "urn:x", kind = "first" }):tag("item"):text("a"):up():tag("item"):text("b"):up():up()
		:tag("x", { xmlns = "urn:y" }):up();
end

check("1 type is table", function () assert(type(sample()) == "table"); assert(type(sample().attr) == "table"); assert(type(sample().tags) == "table"); end);
check("2 metatable is stanza_mt", function () assert(getmetatable(sample()) == st.stanza_mt); end);
check("3 is_stanza", function () assert(st.is_stanza(sample())); assert(not st.is_stanza({})); assert(not st.is_stanza("x")); assert(not st.is_stanza(sample().attr)); end);
check("4 name is read and written", function () local s = sample(); assert(s.name == "message"); s.name = "presence"; assert(tostring(s):match("^<presence")); end);
check("5 attr is read", function () assert(sample().attr.from == "romeo@montague.lit/orchard"); assert(sample().attr.nothing == nil); end);
check("6 attr is written", function () local s = sample(); s.attr.to = "x@y"; assert(s.attr.to == "x@y"); assert(tostring(s):find("x@y", 1, true)); end);
check("7 attr is removed", function () local s = sample(); s.attr.to = nil; assert(s.attr.to == nil); assert(not tostring(s):find("capulet", 1, true)); end);
check("8 attr is replaced", function () local s = sample(); s.attr = { id = "2" }; assert(s.attr.id == "2" and s.attr.from == nil); end);
check("9 attr has one identity", function () local s = sample(); assert(s.attr == s.attr); end);
check("10 pairs of attr", function ()
	local seen = {};
	for k, v in pairs(sample().attr) do seen[k] = v; end
	assert(seen.from == "romeo@montague.lit/orchard" and seen.to == "juliet@capulet.lit" and seen.type == "chat" and seen.id == "1");
end);
check("11 next of attr", function () assert(next(sample().attr) ~= nil); assert(next(st.stanza("a").attr) == nil); end);
check("12 for with next", function () local n = 0; for _ in next, sample().attr do n = n + 1; end assert(n == 4); end);
check("13 # of stanza and tags", function () local s = sample(); assert(#s == 3); assert(#s.tags == 3); assert(#s.tags[1] == 1); end);
check("14 children by index", function () local s = sample(); assert(s[1].name == "body"); assert(s[1][1] == "hello"); assert(s[4] == nil); end);
check("15 tags by index", function () local s = sample(); assert(s.tags[2].attr.xmlns == "urn:x"); assert(s.tags[4] == nil); end);
check("16 an element has one identity", function () local s = sample(); assert(s.tags[1] == s.tags[1]); assert(s[1] == s.tags[1]); assert(s:get_child("body") == s[1]); end);
check("17 stanzas are table keys", function () local s = sample(); local t = { [s.tags[1]] = true }; assert(t[s[1]]); assert(not t[s[2]]); end);
check("18 ipairs of tags", function () local names = {}; for i, tag in ipairs(sample().tags) do names[i] = tag.name; end assert(table.concat(names, " ") == "body x x"); end);
check("19 ipairs of stanza", function () local n = 0; for i, child in ipairs(sample()) do assert(child.name); n = i; end assert(n == 3); end);
check("20 pairs of stanza", function ()
	local seen = {};
	for k in pairs(sample()) do seen[k] = true; end
	assert(seen[1] and seen[2] and seen[3] and seen.name and seen.attr and seen.tags);
end);
check("21 rawget", function () local s = sample(); assert(rawget(s, "name") == "message"); assert(rawget(s, "get_child") == nil); assert(rawget(s, 1) == s[1]); end);
check("22 rawset", function () local s = sample(); rawset(s, "mine", 1); assert(s.mine == 1); end);
check("23 fields of modules stay", function () local s = sample(); s.mark = "seen"; assert(s.mark == "seen"); s.mark = nil; assert(s.mark == nil); end);
check("24 unpack of tags", function () local a, b, c, d = unpack(sample().tags); assert(a.name == "body" and b.name == "x" and c.name == "x" and d == nil); end);
check("25 table.insert into tags and stanza", function ()
	local s, c = sample(), st.stanza("new");
	table.insert(s.tags, 1, c); table.insert(s, 1, c);
	assert(s.tags[1] == c and s[1] == c and #s.tags == 4 and tostring(s):find("<new/><body>", 1, true));
end);
check("26 table.remove from tags and stanza", function ()
	local s = sample();
	local gone = table.remove(s.tags, 1);
	assert(gone.name == "body" and #s.tags == 2 and #s == 3);
	table.remove(s, 1);
	assert(not tostring(s):find("body", 1, true));
end);
check("27 table.sort of tags", function ()
	local s = st.stanza("s"):tag("c"):up():tag("a"):up():tag("b"):up();
	table.sort(s.tags, function (l, r) return l.name < r.name; end);
	assert(s.tags[1].name == "a" and s.tags[2].name == "b" and s.tags[3].name == "c");
end);
check("28 table.concat of texts", function () local s = st.stanza("s"):text("a"):text("b"); assert(table.concat(s, "") == "ab"); end);
check("29 s[#s+1] appends", function () local s = sample(); s[#s + 1] = "tail"; assert(#s == 4 and tostring(s):find("tail</message>", 1, true)); end);
check("30 text is replaced in place", function () local s = sample(); s[1][1] = "bye"; assert(s:get_child_text("body") == "bye"); end);
check("31 methods of stanza_mt can be added", function ()
	st.stanza_mt.__index.shout = function (self) return self.name:upper(); end
	assert(sample():shout() == "MESSAGE");
	st.stanza_mt.__index.shout = nil;
end);
check("32 a plain table with stanza_mt is a stanza", function ()
	local plain = setmetatable({ name = "a", attr = { xmlns = "urn:a" }, tags = {}, "text" }, st.stanza_mt);
	assert(st.is_stanza(plain)); assert(plain:get_text() == "text"); assert(tostring(plain) == "<a xmlns='urn:a'>text</a>");
	assert(st.stanza("p"):add_child(plain).tags[1].name == "a");
end);
check("33 clone is deep and apart", function ()
	local s = sample(); local c = st.clone(s);
	c.attr.to = "other"; c.tags[1][1] = "changed";
	assert(s.attr.to == "juliet@capulet.lit" and s:get_child_text("body") == "hello" and c ~= s and #st.clone(s, true) == 0);
end);
check("34 tostring and concatenation", function ()
	local s = st.stanza("a", { b = "<'&\">" }):text("1 < 2 & 3 > 2");
	assert(tostring(s) == "<a b='&lt;&apos;&amp;&quot;&gt;'>1 &lt; 2 &amp; 3 &gt; 2</a>");
end);
check("35 maptags removes and replaces", function ()
	local s = sample():maptags(function (tag) if tag.name == "body" then return nil; end return tag; end);
	assert(#s.tags == 2 and #s == 2);
	s:maptags(function (tag) return tag.attr.xmlns == "urn:x" and st.stanza("z") or tag; end);
	assert(s.tags[1].name == "z" and s[1] == s.tags[1]);
end);
check("36 accessors match namespaces", function ()
	local s = sample();
	assert(s:get_child("x", "urn:y") == s.tags[3]); assert(s:get_child("x") == nil); assert(s:get_child(nil, "urn:x") == s.tags[2]);
	assert(s:has_namespace({ ["urn:x"] = true, ["urn:y"] = true }) == true); assert(s:has_namespace({ ["urn:y"] = false, [1] = true }) == false);
	assert(s:has_namespace({}) == false);
	assert(s:child_with_name("x") == s.tags[2]); assert(s:child_with_ns("urn:y") == s.tags[3]);
	assert(s:get_attr("to") == s.attr.to and s:get_attr("absent") == nil);
	assert(s:get_child_attr("x", "urn:x", "kind") == "first"); assert(s:get_child_with_attr("x", "urn:x", "kind", "first") == s.tags[2]);
	assert(s:find("{urn:x}x@kind") == "first"); assert(s:find("{urn:x}x/item#") == "a"); assert(s:find("body#") == "hello");
	assert(s:get_child_text("nothing") == nil);
end);
check("37 iterators", function ()
	local n = 0;
	for item in sample().tags[2]:childtags("item") do n = n + 1; assert(item.name == "item"); end
	assert(n == 2);
	local texts = {};
	for child in st.stanza("a"):text("x"):tag("b"):up():text("y"):children() do texts[#texts + 1] = type(child) == "string" and child or child.name; end
	assert(table.concat(texts, ",") == "x,b,y");
end);
check("38 replies", function ()
	local iq = st.iq({ type = "get", id = "7", from = "a@b/c", to = "d" });
	local reply = st.reply(iq);
	assert(reply.attr.type == "result" and reply.attr.to == "a@b/c" and reply.attr.from == "d" and reply.attr.id == "7");
	local refusal = st.error_reply(iq, "cancel", "not-allowed", "No", "by.example");
	local kind, condition, text = refusal:get_error();
	assert(kind == "cancel" and condition == "not-allowed" and text == "No" and refusal:get_child("error").attr.by == "by.example");
	refusal:tag("blocked", { xmlns = "urn:e" }):up():up():tag("x");
	assert(refusal.tags[1].tags[3].name == "blocked" and refusal.tags[2].name == "x");
	assert(not pcall(st.error_reply, refusal, "cancel", "not-allowed"));
	assert(not pcall(st.iq, { type = "get" }));
end);
check("39 preserialize and back", function ()
	local s = sample(); local plain = st.preserialize(s);
	assert(getmetatable(plain) == nil and plain.name == "message" and plain[1][1] == "hello");
	assert(tostring(st.deserialize(plain)) == tostring(s)); assert(st.deserialize(nil) == nil);
end);
check("40 builder position", function ()
	local s = st.stanza("a"):tag("b");
	assert(not s:at_top()); s:text_tag("c", "t", { d = "e" }); s:up(); assert(s:at_top());
	assert(tostring(s) == "<a><b><c d='e'>t</c></b></a>");
	s:tag("f"); s:reset(); s:add_child(st.stanza("g")); s:add_direct_child(st.stanza("h"));
	assert(s.tags[3].name == "g" and s.tags[4].name == "h");
end);
check("41 wrong arguments are errors that name the argument", function ()
	for _, f in ipairs { function () st.stanza(nil) end, function () st.stanza("a", 5) end, function () sample():text({}) end, function () st.clone({}) end } do
		local ok, err = pcall(f); assert(not ok and tostring(err):find("expected", 1, true), tostring(err));
	end
end);
check("42 top_tag", function () assert(st.stanza("a", { b = "c" }):tag("d"):top_tag() == "<a b='c'>"); end);

return checks;
