package host_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What modules see of a connection, and of what reads it.
func TestConnectionsInLua(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
local filters = require "util.filters";
local sm = require "core.sessionmanager";
local t = require "harness";
local conns = module:shared("/*/c2s/sessions");
module:hook("iq-get/host/urn:test:q:q", function (event)
	local s = event.origin;
	local conn = s.conn;
	t.equal({ type(conn), conn == s.conn, conn:ip(), type(conn:port()), conn:serverip(), conn:ssl() }, { "table", true, s.ip, "number", "127.0.0.1", true });
	t.equal(conn:port() == conn:serverport(), false);
	t.equal({ conn:ssl_info().protocol, conn:socket():info("protocol"), conn.starttls }, { "TLSv1.3", "TLSv1.3", false });
	t.equal(#conn:ssl_exportkeyingmaterial("EXPORTER-Channel-Binding", 32, ""), 32);
	t.equal(conn:ssl_peercertificate(), nil);
	t.equal({ type(conn.pause_writes), type(conn.nothing) }, { "function", "nil" });
	conn.mine = 1;
	t.equal(s.conn.mine, 1);
	t.equal(conns[conn] == s, true);
	t.equal(conns[{}], nil);
	local seen = 0;
	for c, session in pairs(conns) do
		seen = seen + 1;
		t.equal(session.conn == c, true);
	end
	t.equal(seen, 2);
	t.equal(pcall(function () conns.x = s; end), false);
	t.equal({ s.base_type, type(s.stream.set_session), type(s.reset_stream) }, { "c2s", "function", "function" });
	t.equal(s.stream == s.stream, true);

	-- filters belong to the connection
	local function mark(stanza) stanza.attr.marked = "yes"; return stanza; end
	filters.add_filter(s, "stanzas/in", mark);
	t.equal(s.filters["stanzas/in"][mark], true);
	t.equal(filters.initialize(s) == s.filter, true);
	t.equal(s.filter("stanzas/in", st.message()).attr.marked, "yes");
	t.equal(filters.remove_filter(s, "stanzas/in", mark), true);
	t.equal(filters.remove_filter(s, "stanzas/in", mark), nil);
	t.equal(s.filter("bytes/in", "abc"), "abc");

	-- functions know whom they work for, and their upvalues by name
	t.equal(s.send.session == s, true);
	local counter = 1;
	local function count() counter = counter + 1; return counter; end
	t.equal(count.counter, 1);
	count.counter = 41;
	t.equal({ count(), counter, count.nothing }, { 42, 42, nil });
	t.equal(pcall(function () count.nothing = 1; end), false);

	s.send(st.reply(event.stanza));
	return true;
end);

local told = {};
module:hook("pre-session-close", function (event)
	table.insert(told, "pre-session-close "..tostring(event.reason and event.reason.condition));
	event.session.send(st.message({ id = "farewell" }));
end);
module:hook("resource-unbind", function (event) table.insert(told, "resource-unbind"); end);
module:hook("iq-get/host/urn:test:close:q", function (event)
	told = {};
	event.origin:close({ condition = "policy-violation", text = "enough" });
	t.equal(told, { "pre-session-close policy-violation", "resource-unbind" });
	prosody.told = #told;
	return true;
end);
module:hook("iq-get/host/urn:test:told:q", function (event)
	t.equal(prosody.told, 2);
	t.equal({ sm.bind_resource(event.origin, "another") }, { nil, "cancel", "not-allowed", "the session cannot bind a resource now" });
	event.origin.send(st.reply(event.stanza));
	return true;
end);
`)
	s.play("connection", strings.Replace(cast, "Nurse connects", "", 1)+ping("Romeo", "1")+pong("Romeo", "1"))
	err := s.perform("closed", strings.Replace(cast, "Nurse connects", "", 1)+`
Romeo sends:
	<iq to="localhost" type="get" id="c"><q xmlns="urn:test:close"/></iq>
Romeo receives:
	<message id="farewell"/>
Juliet sends:
	<iq to="localhost" type="get" id="t"><q xmlns="urn:test:told"/></iq>
Juliet receives:
	<iq type="result" id="t"/>
Romeo receives:
	<iq id="c"/>
`)
	if err == nil || !strings.Contains(err.Error(), "policy-violation") {
		t.Errorf("closing a stream gave %v", err)
	}
}

// A session that a module keeps when its connection is lost, and gives the connection of another one, as newer modules do it.
func TestSessionIsUpdated(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
local sm = require "core.sessionmanager";
local t = require "harness";
local kept;
local updated = 0;
module:hook("pre-resource-unbind", function (event)
	if event.session.keep then kept = event.session; kept.mark = "the old one"; return true; end
end);
module:hook_global("c2s-session-updated", function (event)
	t.equal({ event.session == kept, event.from_session ~= kept, event.replaced_conn }, { true, true, nil });
	updated = updated + 1;
end);
module:hook("iq-get/host/urn:test:q:q", function (event)
	event.origin.keep = true;
	event.origin.send(st.reply(event.stanza));
	return true;
end);
module:hook("iq-get/host/urn:test:update:q", function (event)
	local s = event.origin;
	t.equal({ kept.conn, kept.mark, kept.type, prosody.full_sessions[kept.full_jid] == kept }, { nil, "the old one", "c2s", true });
	kept.keep = nil;
	t.equal({ sm.update_session(kept, s) }, { true });
	t.equal({ updated, kept.conn ~= nil, s.conn }, { 1, true, nil });
	kept.send(st.message({ id = "taken" }));
	return true;
end);
module:hook("iq-get/host/urn:test:who:q", function (event)
	event.origin.send(st.reply(event.stanza):tag("n", { xmlns = "urn:n", v = event.origin.mark }));
	return true;
end);
`)
	s.play("update", `
[Client] Romeo
	jid: romeo@localhost/old
	password: montague
[Client] Again
	jid: romeo@localhost/new
	password: montague
-----
Romeo connects
`+ping("Romeo", "1")+pong("Romeo", "1")+`
Romeo disconnects
Again connects
Again sends:
	<iq to="localhost" type="get" id="u"><q xmlns="urn:test:update"/></iq>
Again receives:
	<message id="taken"/>
Again sends:
	<iq to="localhost" type="get" id="w"><q xmlns="urn:test:who"/></iq>
Again receives:
	<iq type="result" id="w" to="romeo@localhost/old"><n xmlns="urn:n" v="the old one"/></iq>
`)
}

// A session of the core's does not go on with what is no connection of the core's: it ends.
func TestConnectionOfAnotherKind(t *testing.T) {
	s := withModule(t, `
local t = require "harness";
module:hook("iq-get/host/urn:test:q:q", function (event)
	local ok, err = pcall(function () event.origin.conn = { write = function () end }; end);
	t.equal({ ok, err:match("another kind") }, { false, "another kind" });
	return true;
end);
`)
	err := s.perform("another kind", strings.Replace(cast, "Nurse connects", "", 1)+ping("Romeo", "1")+pong("Romeo", "1"))
	if err == nil || !strings.Contains(err.Error(), "another kind of connection") {
		t.Errorf("it ended with %v", err)
	}
}

// In a process of its own a module sees that there is a connection, and an error says why there is no more to it.
func TestConnectionsOfIsolatedModules(t *testing.T) {
	dir := t.TempDir()
	code := `
local st = require "util.stanza";
module:hook("iq-get/host/urn:test:q:q", function (event)
	local s = event.origin;
	local ok, err = pcall(function () return s.conn:ip(); end);
	event.origin.send(st.reply(event.stanza):tag("n", { xmlns = "urn:n", v = tostring(s.conn ~= nil), ok = tostring(ok) }):text(err));
	return true;
end);
`
	if err := os.WriteFile(filepath.Join(dir, "mod_t.lua"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, setting{config: fmt.Sprintf(
		"[global]\nplugin_paths = [%q]\nmodules_enabled = [\"tls\", \"saslauth\"]\n[host.localhost]\nmodules_enabled = [\"t\"]\n[plugin.t]\nisolate = true\n", dir)})
	s.play("isolated", `
[Client] Romeo
	jid: romeo@localhost
	password: montague
-----
Romeo connects
`+ping("Romeo", "1")+`
Romeo receives:
	<iq type="result" id="1"><n xmlns="urn:n" v="true" ok="false">mod_t.lua:5: session.conn cannot be used by a module in a process of its own (isolate)</n></iq>
`)
}
