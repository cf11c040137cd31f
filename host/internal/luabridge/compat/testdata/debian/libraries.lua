-- Uses libraries of Debian's prosody, unmodified, and prints what they give. Every Lua must print the same.
package.path = "/usr/lib/prosody/?.lua;" .. package.path
package.cpath = ""
unpack = unpack or table.unpack
loadstring = loadstring or load
math.pow = math.pow or function(a, b) return a ^ b end

-- What is written in C there; as little of it as the libraries below need.
local function id(s) return s end
package.preload["util.encodings"] = function()
	return {
		stringprep = { nodeprep = string.lower, nameprep = string.lower, resourceprep = id, saslprep = id },
		idna = { to_ascii = id, to_unicode = id },
		utf8 = { valid = function() return true end, length = string.len },
		base64 = { encode = id, decode = id },
	}
end
package.preload["util.table"] = function()
	return {
		create = function() return {} end,
		pack = table.pack or function(...) return { n = select("#", ...), ... } end,
		move = table.move,
	}
end
package.preload["util.compat"] = function() return { xpcall = function(f, handler, ...)
		local args, n = { ... }, select("#", ...)
		return xpcall(function() return f(unpack(args, 1, n)) end, handler)
	end } end
package.preload["util.time"] = function() return { now = function() return 1700000000.25 end, monotonic = function() return 5 end } end
package.preload["util.hashes"] = function() return { sha1 = id, sha256 = id, md5 = id, hmac_sha256 = id } end
package.preload["util.random"] = function() return { bytes = function(n) return ("r"):rep(n) end } end
package.preload["util.net"] = function() return { pton = id, ntop = id } end
package.preload["util.strbitop"] = function() return {} end

-- attributes come in any order
local function canonical(s)
	return (s:gsub("<([%w:]+)( [^<>]-)(/?)>", function(name, attributes, slash)
		local t = {}
		for a in attributes:gmatch(" [%w:]+='[^']*'") do t[#t + 1] = a end
		table.sort(t)
		return "<" .. name .. table.concat(t) .. slash .. ">"
	end))
end

local function show(v, depth)
	depth = depth or 0
	if type(v) == "function" or type(v) == "thread" then return "<" .. type(v) .. ">" end
	if type(v) == "string" then return '"' .. canonical(v):gsub("[%c\127-\255]", function(c) return "\\" .. c:byte() end) .. '"' end
	if type(v) ~= "table" or depth > 4 then return (tostring(v):gsub("%.0$", ""):gsub("0x%x+", "?")) end
	local parts = {}
	for k, x in pairs(v) do parts[#parts + 1] = tostring(k):gsub("0x%x+", "?") .. "=" .. show(x, depth + 1) end
	table.sort(parts)
	return "{" .. table.concat(parts, ",") .. "}"
end

local function section(name, f)
	local function out(...)
		local t = {}
		for i = 1, select("#", ...) do t[i] = show((select(i, ...))) end
		print(name .. ": " .. table.concat(t, " "))
	end
	local ok, e = pcall(f, out)
	if not ok then print(name .. ": ERROR " .. (UNEXPECTED or tostring(e))) end
end

section("array", function(out)
	local array = require "util.array"
	local a = array { 5, 3, 9, 1 }
	out(a:sort(), a:reverse(), a:map(function(x) return x * 2 end), a:filter(function(x) return x > 5 end))
	out(array.collect(pairs { a = 1 }), a:slice(1, 2), array { 1, 1, 2 }:unique(), tostring(a))
	out(array { { x = 1 }, { x = 2 } }:pluck("x"), array { "a", "b" }:concat("-"), array { 1, 2 } == array { 1, 2 }, array():append { 4, 5 })
end)

section("set", function(out)
	local set = require "util.set"
	local a, b = set.new { "x", "y" }, set.new { "y", "z" }
	out(set.union(a, b) == set.new { "x", "y", "z" }, set.intersection(a, b) == set.new { "y" }, set.difference(a, b) == set.new { "x" })
	out(set.xor(a, b) == set.new { "x", "z" }, a:contains("x"), a:empty())
	a:add("w") a:remove("x")
	local items = {}
	for i in a do items[#items + 1] = i end
	table.sort(items)
	out(items, tostring(set.new { "only" }), #items)
end)

section("iterators", function(out)
	local it = require "util.iterators"
	out(it.to_array(it.range(1, 5)), it.to_array(it.range(3)), it.to_array(it.range(5, 1, -2)), it.count(it.range(4)))
	out(it.to_array(it.head(2, it.range(9))), it.to_array(it.skip(7, it.range(9))), it.to_array(it.tail(2, it.range(9))))
	out(it.to_array(it.filter(function(x) return x % 2 == 0 end, it.range(6))))
	out(it.to_array(it.sorted_pairs { c = 1, a = 2, b = 3 }), it.to_array(it.unique(it.values { 1, 1, 1 })), it.to_array(it.reverse(ipairs { 1 })))
	out(it.to_table(it.sorted_pairs { x = 1 }), it.join(it.values { 1 }):append(it.values { 2 }) ~= nil)
end)

section("jid", function(out)
	local jid = require "util.jid"
	for _, s in ipairs { "a@b/c", "b", "b/c", "a@b", "@b", "a@", "a@b/", "a@b/c/d@e", "A@B/C", "" } do
		out(s, { jid.split(s) }, jid.bare(s), jid.prep(s), jid.host(s), jid.resource(s))
	end
	out(jid.join("a", "b", "c"), jid.join(nil, "b"), jid.compare("a@b/c", "b"), jid.escape("a b@c"), jid.unescape("a\\20b"))
end)

section("stanza", function(out)
	local st = require "util.stanza"
	local m = st.message({ to = "a@b", from = "c@d/e", id = "1" }, "Hello & <world>"):tag("x", { xmlns = "urn:x" }):tag("y"):text("t"):up():up():tag("z")
	out(tostring(m), m:get_child("x", "urn:x"):get_child_text("y"), m:get_child_text("body"), m:find("{urn:x}x/y#"), m:top_tag(), #m, #m.tags)
	out(tostring(st.reply(m)), tostring(st.error_reply(m, "cancel", "not-allowed", "No & no")), { st.error_reply(m, "auth", "forbidden"):get_error() })
	local c = st.clone(m)
	c.attr.to = "other"
	c:maptags(function(t) if t.name == "z" then return nil end return t end)
	out(m.attr.to, tostring(c), st.is_stanza(c), c == m, #tostring(st.deserialize(st.preserialize(m))) == #tostring(m), st.xml_escape("<'\"&>"))
	for child in m:childtags(nil, "urn:x") do out(child.name) end
	local iq = st.iq({ type = "get", id = "2" }):query("q"):tag("item", { a = "1" })
	out(tostring(iq), iq.last_add ~= nil, (pcall(st.iq, {})), (pcall(st.stanza, "in valid")))
	iq:reset():text("t")
	out(tostring(iq))
	m:remove_children("z")
	out(tostring(m:indent()), #m.tags)
end)

section("dataforms", function(out)
	local df, st = require "util.dataforms", require "util.stanza"
	local layout = df.new { title = "T", instructions = "I", { name = "FORM_TYPE", type = "hidden", value = "urn:f" },
		{ name = "b", type = "boolean", label = "B" }, { name = "l", type = "list-single", options = { "x", { label = "Y", value = "y", default = true } } },
		{ name = "t", type = "text-multi" }, { name = "j", type = "jid-single" }, { name = "n", type = "text-single", datatype = "xs:integer", required = true } }
	out(tostring(layout:form { b = true, t = "one\ntwo", n = 5 }))
	local form = layout:form({ b = true, t = "one\ntwo", j = "a@b", n = 5 }, "submit")
	out(layout:data(form))
	out(df.get_type(form), layout:data(st.stanza("x", { xmlns = "jabber:x:data" })))
end)

section("datetime", function(out)
	local d = require "util.datetime"
	out(d.datetime(1700000000), d.date(0), d.time(86399), d.legacy(1700000000), d.parse("2023-11-14T22:13:20Z"), d.parse("2023-11-14T23:13:20+01:00"), d.parse("nonsense"))
end)

section("json", function(out)
	local json = require "util.json"
	out(json.encode { 1, 2, "x" }, json.encode_ordered { b = 1, a = { true, json.null } }, json.encode "q\"\n\001\\", json.encode(1e15), json.encode(0.1), json.encode {})
	out(json.decode '{"a":[1,2.5,-3e2,"x\\u00e4\\n",true,false,null],"b":{}}', json.decode '[', json.decode '"\\ud83d\\ude00"', json.decode ' [ ] ')
	out(json.test_object and json.test_object({}), (pcall(json.decode, nil)))
end)

section("serialization", function(out)
	local s = require "util.serialization"
	out(s.serialize({ 1, "a\nb", { x = true }, [2.5] = -1, n = 1e100 }, { preset = "oneline", freeze = true }) ~= nil, s.deserialize(s.serialize { 1, { y = "z" } }))
	out(s.serialize({ a = 1 }, "compact"), s.serialize("\0\1\200", "compact"), (pcall(s.serialize, { print }, "compact")))
	local loop = {} loop.x = loop
	out((pcall(s.serialize, loop)))
end)

section("events", function(out)
	local ev = require "util.events".new()
	local log = {}
	ev.add_handler("e", function(x) log[#log + 1] = "low" .. x end, -1)
	ev.add_handler("e", function(x) log[#log + 1] = "high" .. x end, 5)
	local wrap = function(handlers, name, x) log[#log + 1] = "wrap" return handlers(name, x) end
	ev.add_wrapper("e", wrap)
	out(ev.fire_event("e", "1"), log)
	ev.add_handler("e", function() return "stop" end, 3)
	out(ev.fire_event("e", "2"), log, ev.fire_event("none"))
	ev.remove_wrapper("e", wrap)
	out(ev.fire_event("e", "3"), #log)
end)

section("cache", function(out)
	local cache = require "util.cache"
	local evicted = {}
	local c = cache.new(3, function(k) evicted[#evicted + 1] = k end)
	for i = 1, 5 do c:set("k" .. i, i) end
	c:get("k3")
	c:set("k6", 6)
	out(evicted, c:get("k3"), c:get("k4"), c:count(), c:head(), c:tail())
	local keys = {}
	for k, v in c:items() do keys[#keys + 1] = k .. v end
	out(keys, c:resize(1), c:count())
	local big = cache.new(50)
	for i = 1, 5000 do big:set(i % 777, i) end
	out(big:count(), big:head(), big:tail())
end)

section("queues", function(out)
	local q = require "util.queue".new(3, true)
	for i = 1, 5 do q:push(i) end
	out(q:count(), q:pop(), q:peek(), q:pop(), q:pop(), q:pop())
	local heap = require "util.indexedbheap".create()
	for i = 1, 50 do heap:insert("v" .. i, (i * 37) % 53) end
	local order = {}
	for i = 1, 50 do order[i] = heap:pop() end
	out(order)
	local sm = require "util.smqueue".new(10)
	for i = 1, 15 do sm:push("s" .. i) end
	out(#sm:ack(8), sm:count_unacked(), sm:count_acked(), sm:resumable(), sm:consume())
end)

section("multitable", function(out)
	local m = require "util.multitable".new()
	m:set("a", "b", 1) m:set("a", "c", 2) m:set("x", "y", 3)
	out(m:get("a", "b"), m:get("a"), m:get("q", "r"), m:search("a"))
	m:remove("a", "b")
	local seen = {}
	m:add("z", "l", 1)
	for v in m:iter(nil, nil) do seen[#seen + 1] = tostring(v) end
	out(m:get("a"), #seen)
end)

section("text", function(out)
	local interp = require "util.interpolation"
	local render = interp.new("%b{}", function(s) return "<" .. s .. ">" end, { upper = string.upper, len = string.len })
	out(render("{a} {b.c} {d?none} {e&yes} {f~no} {a|upper} {l#{idx}={item},} {m%{idx}:{item};}", { a = "A", b = { c = "C" }, e = 1, l = { "x", "y" }, m = { k = "v" } }))
	local format = require "util.format".format
	out(format("%s %d %q %s %%", "x", 5, "q", nil), format("%d", "no"), format("%s"), format("%s", { 1 }):gsub("0x%x+", "?"), format("%d", 1.5), format("%s %s", true), format("extra", 1))
	local hex, url = require "util.hex", require "util.http"
	out(hex.to("\0\255ab"), hex.from("00ff6162"), url.urlencode("a b&c/ä"), url.urldecode("a%20b%26"), url.formencode { { name = "k", value = "v w" } }, url.formdecode("a=b&c=d+e"))
	out(url.contains_token("a, b ,c", "b"), url.normalize_path("//a//b/"), url.normalize_path("a", true))
	local paths = require "util.paths"
	out(paths.glob_to_pattern("a*b?.lua"), paths.join("a", "b"), paths.resolve_relative_path("/x", "../y"), paths.resolve_relative_path("/x", "y"))
end)

section("units and statistics", function(out)
	local units = require "util.human.units"
	out(units.format(1500, "B", "b"), units.format(0.002, "s"), units.format(123456789, "B"), units.adjust(1e7, "W"))
	out(require "util.jsonpointer".resolve({ a = { 1, { b = 2 } } }, "/a/1/b"))
	out(require "util.hashring" ~= nil)
	local err = require "util.error"
	local e = err.new({ type = "cancel", condition = "not-allowed", text = "no" }, { x = 1 }, nil, "src")
	out(e.type, e.condition, tostring(e), err.is_err(e), err.is_err({}), (err.coerce(nil, "oops")) == nil)
end)

section("promises", function(out)
	local promise = require "util.promise"
	local log = {}
	local function note(what) return function(v) log[#log + 1] = what .. tostring(type(v) == "table" and #v or v):match("[^\n]*") return v end end
	local resolve, reject
	local p = promise.new(function(res, rej) resolve, reject = res, rej end)
	p:next(note "first "):next(function() error("bad", 0) end):catch(note "caught "):finally(function() log[#log + 1] = "finally" end)
	resolve(7)
	promise.all { promise.resolve(1), promise.resolve(2) }:next(note "all ")
	promise.race { promise.resolve("r"), promise.new(function() end) }:next(note "race ")
	promise.all_settled { promise.resolve(1), promise.reject(2) }:next(note "settled ")
	promise.reject("no"):next(note "never", note "rejected ")
	promise.join(function(a, b) note "join "(a + b) end, promise.resolve(1), promise.resolve(2))
	out(log, tostring(promise.resolve(1)):gsub("0x%x+", "?"))
end)

section("async", function(out)
	local async = require "util.async"
	local log = {}
	local wait, done
	local r = async.runner(function(item)
		log[#log + 1] = "begin " .. item
		if item == "waits" then wait, done = async.waiter() wait() end
		if item == "fails" then error("failed", 0) end
		log[#log + 1] = "end " .. item
	end, { error = function(_, e) log[#log + 1] = "error " .. tostring(e):match("failed") end, waiting = function() log[#log + 1] = "waiting" end, ready = function() log[#log + 1] = "ready" end })
	r:run("plain") r:run("waits") r:run("queued") r:run("fails") r:run("last")
	log[#log + 1] = r.state
	done()
	out(log, r.state, async.ready())
	local guard = async.guarder()
	async.runner(function() local exit = guard("x") log[#log + 1] = "guarded" exit() end):run(true)
	out(log[#log], (pcall(async.waiter)))
end)

section("xml of rsm and vcard", function(out)
	local rsm, st = require "util.rsm", require "util.stanza"
	out(tostring(rsm.generate { max = 5 }), rsm.get(st.stanza("q"):add_child(rsm.generate { max = 5, before = true })))
	local vcard = require "util.vcard"
	out(vcard.to_text { { name = "FN", "Romeo" }, { name = "N", "Montague", "Romeo" } })
	out(vcard.from_text("BEGIN:VCARD\nFN:Juliet\nEND:VCARD"))
end)
