-- Runs in a real Prosody on the database under test: writes what the test expects to read in the store "seed", copies what the test
-- wrote from "ours" to "theirs", and ends the server.
local st = require "util.stanza";

local function write_seed()
	local users = module:open_store("seed");
	assert(users:set("romeo", {
		text = "x\n\"é"; yes = true; whole = 1700000000; part = 1.5; list = { "a", { "b" } }; empty = {};
		mixed = { "one", "two", x = "y", [5] = "five", [true] = "yes" }; [1] = "first"; [2] = "second"; [-1] = "minus";
	}));
	assert(users:set(nil, { of = "the host" }));
	assert(module:open_store("seed", "map"):set("juliet", "k", { deep = { n = 1 } }));
	local log = module:open_store("seed_log", "archive");
	local message = st.message({ to = "juliet@verona.lit", type = "chat", ["xml:lang"] = "en" }, "a < b & 'c'")
		:tag("forwarded", { xmlns = "urn:xmpp:forward:0" }):tag("message", { xmlns = "jabber:client" }):text_tag("body", "inner");
	for n = 1, 3 do
		assert(log:append("romeo", "id-" .. n, message, 1700000000 + n, n == 2 and "nurse@verona.lit" or "juliet@verona.lit"));
	end
end

local function copy_ours()
	local from, to = module:open_store("ours"), module:open_store("theirs");
	for user in from:users() do
		if user ~= "" then
			assert(to:set(user, assert(from:get(user))));
		end
	end
	assert(to:set(nil, from:get(nil)));
	local log, copy = module:open_store("ours_log", "archive"), module:open_store("theirs_log", "archive");
	for id, stanza, when, with in assert(log:find("romeo")) do
		assert(copy:append("romeo", id, st.clone(stanza), when, with));
	end
	local _, total = assert(log:find("romeo", { total = true, limit = 0, with = "nurse@verona.lit", ["end"] = 1700000009 }));
	assert(module:open_store("theirs", "map"):set("count", "nurse", total));
end

module:hook_global("server-started", function ()
	local ok, err = pcall(function () write_seed(); copy_ours(); end);
	if not ok then
		module:log("error", "exchange failed: %s", err);
	end
	require "util.timer".add_task(0, function () prosody.shutdown("done", ok and 0 or 1); end);
end);
