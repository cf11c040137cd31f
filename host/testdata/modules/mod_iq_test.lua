local t = require "harness";
local test, equal, raises = t.test, t.equal, t.raises;
local st = require "util.stanza";
local async = require "util.async";

module:hook("iq-get/host/urn:test:echo:q", function (event)
	event.origin.send(st.reply(event.stanza):tag("answer", { xmlns = "urn:test:echo" }));
	return true;
end);
module:hook("iq-get/host/urn:test:error:q", function (event)
	event.origin.send(st.error_reply(event.stanza, "modify", "bad-request", "not like this"));
	return true;
end);

-- Requests that nobody answers until a test does: by id, the request and whoever waits for it. Where sending is asynchronous they take a while to come.
local held, awaited = {}, {};
module:hook("iq-get/host/urn:test:held:q", function (event)
	local id = event.stanza.attr.id;
	held[id] = event.stanza;
	if awaited[id] then awaited[id](); end
	return true;
end);
local function request_of(id)
	if not held[id] then
		local wait, done = async.waiter();
		awaited[id] = done;
		wait();
	end
	return held[id];
end

local function request(ns, id, from)
	return st.iq({ type = "get", id = id, from = from or "localhost", to = "localhost" }):tag("q", { xmlns = "urn:test:" .. ns });
end

test("a reply resolves with its event", function ()
	local event, err = async.wait_for(module:send_iq(request("echo", "i1")));
	equal(err, nil);
	equal(event.stanza.attr.type, "result");
	equal(event.stanza:get_child("answer", "urn:test:echo") ~= nil, true);
end);

test("an error rejects with type, condition and text", function ()
	local event, err = async.wait_for(module:send_iq(request("error", "i2")));
	equal(event, nil);
	equal({ err.type, err.condition, err.text }, { "modify", "bad-request", "not like this" });
	equal(require "util.error".is_error(err), true);
end);

test("nobody answers: service-unavailable", function ()
	local _, err = async.wait_for(module:send_iq(request("nobody", "i3")));
	equal(err.condition, "service-unavailable");
end);

test("timeout", function ()
	local _, err = async.wait_for(module:send_iq(request("held", "i4"), nil, 0.01));
	equal(err.condition, "remote-server-timeout");
end);

test("the id is pending: conflict", function ()
	local first = module:send_iq(request("held", "i5"));
	local _, err = async.wait_for(module:send_iq(request("held", "i5")));
	equal(err.condition, "conflict");
	module:send(st.reply(request_of("i5")));
	equal((async.wait_for(first)) ~= nil, true);
end);

test("spoofed replies are not believed", function ()
	local promise = module:send_iq(request("held", "i6"));
	local settled = false;
	promise:next(function () settled = true; end);
	for _, from in ipairs { "other.localhost", "localhost/resource", "eve@localhost" } do
		module:send(st.iq({ type = "result", id = "i6", from = from, to = "localhost" }));
	end
	async.sleep(0.01);
	equal(settled, false);
	module:send(st.reply(request_of("i6")));
	equal((async.wait_for(promise)) ~= nil, true);
end);

test("too many pending: the oldest gives way", function ()
	local oldest = module:send_iq(request("held", "many-0"));
	for i = 1, 256 do
		module:send_iq(request("held", "many-" .. i));
	end
	local _, err = async.wait_for(oldest);
	equal(err.condition, "resource-constraint");
end);

test("ways of sending", function ()
	local got = {};
	local function note(event) table.insert(got, event.stanza.attr.id .. "@" .. module:get_host()); return true; end
	module:hook("message/host", note, 5);
	local function m(id) return st.message({ id = id, from = "other.localhost", to = "localhost" }); end
	module:send(m "a");
	module:send(m "b", prosody.hosts["other.localhost"]);
	prosody.core_post_stanza(prosody.hosts["other.localhost"], m "c");
	prosody.core_route_stanza(prosody.hosts["other.localhost"], m "d");
	prosody.core_process_stanza(prosody.hosts["other.localhost"], m "e");
	module:context("other.localhost"):send(m "f");
	equal(table.concat(got, " "), "a@localhost b@localhost c@localhost d@localhost e@localhost f@localhost");
	got = {};
	module:broadcast({ "localhost", "localhost" }, st.message({ id = "g", from = "localhost" }));
	module:broadcast({ ["localhost"] = true }, st.message({ id = "h", from = "localhost" }), pairs);
	module:broadcast({ "localhost", "other.localhost" }, st.message({ id = "i", from = "localhost" }), nil, { ["other.localhost"] = true });
	module:broadcast({ "localhost" }, st.message({ id = "j", from = "localhost" }), nil, { localhost = "whatever" });
	equal(table.concat(got, " "), "g@localhost g@localhost h@localhost i@localhost");
	got = {};
	local same = st.message({ id = "k", from = "localhost", to = "unchanged" });
	module:send_each({ same, m "l", same }, "localhost");
	module:send_each({}, "localhost");
	equal(table.concat(got, " "), "k@localhost l@localhost k@localhost");
	equal(same.attr.to, "unchanged");
	got = {};
	local prepared = module:prepare(same);
	same.attr.id = "n";
	module:send_each({ prepared, same, prepared }, "localhost");
	equal(table.concat(got, " "), "k@localhost n@localhost k@localhost");
	module:unhook("message/host", note);
end);

test("what cannot be sent is told", function ()
	raises("stanza expected", module.send, module, "text");
	raises("", module.send, module, nil);
	raises("", module.broadcast, module, { "a" }, "text");
	raises("stanzas expected, got a string at 2", module.send_each, module, { st.message({ from = "localhost" }), "text" }, "localhost");
	raises("stanzas expected, got a userdata at 1", module.send_each, module, { io.stdout }, "localhost");
	raises("stanza expected", module.prepare, module, "text");
	raises("", module.send_each, module, { st.message({ from = "localhost" }) }, nil);
	equal(not module:send(st.message({ from = "localhost", to = "somebody@elsewhere.example" })) ~= nil, true);
	module:send(st.message({ to = "localhost" }));
end);

test("a request in the name of a user is answered by the user's client only", function ()
	local from = "nobody@localhost/x";
	local promise = module:send_iq(st.iq({ type = "get", id = "f1", from = from, to = "localhost" }):tag("q", { xmlns = "urn:test:echo" }), nil, 1);
	local event, err = async.wait_for(promise);
	equal(event and event.stanza.attr.type, "result");
	local bare = module:send_iq(st.iq({ type = "get", id = "f2", from = "nobody@localhost", to = "localhost" }):tag("q", { xmlns = "urn:test:echo" }), nil, 1);
	equal((async.wait_for(bare)).stanza.attr.id, "f2");
end);
