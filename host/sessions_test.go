package host_test

import (
	"fmt"
	"strings"
	"testing"

	"quatrain/spec"
)

const cast = `
[Client] Romeo
	jid: romeo@localhost
	password: montague
[Client] Juliet
	jid: juliet@localhost
	password: capulet
[Client] Nurse
	jid: nurse@localhost
	password: secret
-----
Romeo connects
Juliet connects
Nurse connects
`

// withModule starts a server whose host localhost has one more module, t.
func withModule(t *testing.T, code string) *stage {
	t.Helper()
	return start(t, setting{
		config:  "[global]\nmodules_enabled = [\"tls\", \"saslauth\", \"roster\", \"t\"]\n[host.localhost]\n",
		plugins: files("mod_t.lua", code),
	})
}

func ping(who, id string) string {
	return fmt.Sprintf("%s sends:\n\t<iq to=\"localhost\" type=\"get\" id=%q><q xmlns=\"urn:test:q\"/></iq>\n", who, id)
}

func pong(who, id string) string {
	return fmt.Sprintf("%s receives:\n\t<iq from=\"localhost\" type=\"result\" id=%q/>\n", who, id)
}

func TestSessionsInLua(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
local t = require "harness";
module:hook("iq-get/host/urn:test:q:q", function (event)
	local s = event.origin;
	s.counter = (s.counter or 0) + 1;
	local all = {};
	for k, v in pairs(s) do all[k] = v; end
	t.equal({ s.type, s.username, s.host, s.secure, all.username, all.counter }, { "c2s", "romeo", "localhost", true, "romeo", s.counter });
	t.equal(s.full_jid, s.username .. "@" .. s.host .. "/" .. s.resource);
	t.equal(prosody.full_sessions[s.full_jid] == s, true);
	t.equal(prosody.bare_sessions["romeo@localhost"].sessions[s.resource] == s, true);
	t.equal(prosody.hosts.localhost.sessions.romeo.sessions[s.resource] == s, true);
	t.equal(hosts.localhost.sessions.romeo.sessions[s.resource].counter, s.counter);
	local user = prosody.hosts.localhost.sessions.romeo;
	t.equal(user == prosody.bare_sessions["romeo@localhost"], true);
	user.count = (user.count or 0) + 1;
	t.equal(user.count, s.counter);
	local resources = {};
	for resource, session in pairs(user.sessions) do resources[resource] = session == s; end
	t.equal(resources, { [s.resource] = true });
	t.equal(select("#", next(user.sessions)), 2);
	t.equal(user.sessions.nowhere, nil);
	local seen = {};
	for name, session in pairs(prosody.full_sessions) do seen[name] = session; end
	t.equal(seen[s.full_jid] == s, true);
	for name in pairs(prosody.hosts.localhost.sessions) do seen[name] = true; end
	t.equal(seen.romeo, true);
	t.equal(s.send == s.send, true);
	t.equal(type(s.log), "function");
	s.log("info", "logged by %s", "the session");
	t.equal(s.nothing, nil);
	t.equal(type(s.ip), "string");
	s.send(st.reply(event.stanza):tag("n", { xmlns = "urn:n", v = tostring(s.counter) }));
	return true;
end);
module:hook("iq-get/host/urn:test:close:q", function (event)
	event.origin:close({ condition = "policy-violation", text = "enough" });
	return true;
end);
`)
	s.play("sessions", strings.Replace(cast, "Nurse connects", "", 1)+ping("Romeo", "1")+pong("Romeo", "1")+ping("Romeo", "2")+`
Romeo receives:
	<iq type="result" id="2"><n xmlns="urn:n" v="2"/></iq>
`)
	s.logged("logged by the session", "session=")
	err := s.perform("closed", cast+"Romeo sends:\n\t<iq to=\"localhost\" type=\"get\" id=\"c\"><q xmlns=\"urn:test:close\"/></iq>\nRomeo receives:\n\t<iq id=\"c\"/>\n")
	if err == nil || !strings.Contains(err.Error(), "policy-violation") {
		t.Errorf("closing a stream gave %v", err)
	}
}

func TestFiltersAndReplacedSend(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
local filters = require "util.filters";
prosody.bytes = { ["in"] = 0, out = 0 };
local function on_session(session)
	filters.add_filter(session, "stanzas/in", function (stanza, s)
		if stanza:get_child("drop", "urn:t") then return nil; end
		if stanza.name == "message" then stanza:tag("seen", { xmlns = "urn:t", by = s.username }):up(); end
		return stanza;
	end);
	filters.add_filter(session, "stanzas/out", function (stanza)
		if stanza.attr then stanza.attr.filtered = "yes"; end
		return stanza;
	end, 5);
	filters.add_filter(session, "stanzas/out", function (stanza)
		if stanza.attr then stanza.attr.order = "first"; end
		return stanza;
	end, 10);
	for _, way in ipairs { "in", "out" } do
		filters.add_filter(session, "bytes/" .. way, function (bytes) prosody.bytes[way] = prosody.bytes[way] + #bytes; return bytes; end);
	end
end
filters.add_filter_hook(on_session);
module:hook("iq-get/host/urn:test:q:q", function (event)
	local origin = event.origin;
	local send = origin.send;
	function origin.send(stanza)
		if stanza.attr then stanza.attr.through = "replacement"; end
		return send(stanza);
	end
	origin.send(st.reply(event.stanza));
	return true;
end);
`)
	s.play("filters", cast+`
Romeo sends:
	<message to="${Juliet's full JID}" id="dropped"><drop xmlns="urn:t"/></message>
Romeo sends:
	<message to="${Juliet's full JID}" id="m"><body>hi</body></message>
Juliet receives:
	<message id="m" filtered="yes" order="first"><body>hi</body><seen xmlns="urn:t" by="romeo"/></message>
`+ping("Juliet", "r")+`
Juliet receives:
	<iq type="result" id="r" through="replacement"/>
Romeo sends:
	<message to="${Juliet's full JID}" id="m2"><body>hi</body></message>
Juliet receives:
	<message id="m2" through="replacement" filtered="yes"/>
Juliet receives nothing
`)
	s.want("true true", `return prosody.bytes["in"] > 1000, prosody.bytes.out > 1000`)
}

// A filter is added once, and gone when it is removed.
func TestFiltersAddedTwice(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
local filters = require "util.filters";
local function count(stanza)
	if stanza.attr then stanza:tag("n", { xmlns = "urn:n" }):up(); end
	return stanza;
end
module:hook("iq-get/host/urn:test:q:q", function (event)
	local origin, id = event.origin, event.stanza.attr.id;
	if id == "add" then
		filters.add_filter(origin, "stanzas/out", count);
		filters.add_filter(origin, "stanzas/out", count);
	else
		filters.remove_filter(origin, "stanzas/out", count);
	end
	origin.send(st.reply(event.stanza));
	return true;
end);
`)
	s.play("filters", strings.Replace(cast, "Nurse connects", "", 1)+ping("Romeo", "add")+`
Romeo receives:
	<iq type="result" id="add" scansion:strict="true" from="localhost" to="${Romeo's full JID}"><n xmlns="urn:n"/></iq>
`+ping("Romeo", "remove")+`
Romeo receives:
	<iq type="result" id="remove" scansion:strict="true" from="localhost" to="${Romeo's full JID}"/>
`)
}

// Handlers in Lua and native ones see one event: what one changes or puts in its place is what the next gets.
func TestStanzasChangedOnTheirWay(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
module:hook("pre-message/full", function (event)
	event.stanza.attr.id = event.stanza.attr.id .. "-changed";
	event.stanza:maptags(function (tag) if tag.name == "secret" then return nil; end return tag; end);
	event.stanza:tag("added", { xmlns = "urn:t" }):text("<&>"):up();
end);
module:hook("message/full", function (event)
	if event.stanza:get_child("replace", "urn:t") then
		event.stanza = st.message({ from = event.stanza.attr.from, to = event.stanza.attr.to, id = "another" }, "replaced");
	end
end, 10);
module:hook("iq-get/host/urn:test:q:q", function (event)
	local m = st.message({ from = "localhost", to = event.stanza.attr.from, id = "sent" }, "first");
	module:send(m);
	m.attr.id = "sent-2";
	m:get_child("body")[1] = "second";
	event.origin.send(m);
	event.origin.send(st.reply(event.stanza));
	return true;
end);
`)
	s.play("changed", cast+`
Romeo sends:
	<message to="${Juliet's full JID}" id="a"><secret/><body>hi</body></message>
Juliet receives:
	<message id="a-changed" from="${Romeo's full JID}" to="${Juliet's full JID}" scansion:strict="yes"><body>hi</body><added xmlns="urn:t">&lt;&amp;&gt;</added></message>
Romeo sends:
	<message to="${Juliet's full JID}" id="b"><replace xmlns="urn:t"/></message>
Juliet receives:
	<message id="another"><body>replaced</body></message>
`+ping("Romeo", "i")+`
Romeo receives:
	<message id="sent"><body>first</body></message>
Romeo receives:
	<message id="sent-2"><body>second</body></message>
`+pong("Romeo", "i"))
}

// Two sessions wait in their handlers while a third goes on; what a waiting session sent meanwhile stays in order.
func TestWaitingSessions(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
local async = require "util.async";
local promise = require "util.promise";
local waiting, order = {}, {};
module:hook("iq-get/host/urn:test:q:q", function (event)
	local id = event.stanza.attr.id;
	if id:find("^wait") then
		local ok, err = async.wait_for(promise.new(function (resolve) waiting[id] = resolve; end));
	elseif id == "release" then
		for _, resolve in pairs(waiting) do resolve(true); end
	end
	table.insert(order, id);
	event.origin.send(st.reply(event.stanza));
	return true;
end);
function waits(id) return waiting[id] ~= nil; end
function in_order() return table.concat(order, " "); end
`)
	s.play("waiting", cast+ping("Romeo", "wait-1")+ping("Romeo", "romeo-2")+ping("Juliet", "wait-2")+ping("Juliet", "juliet-2")+
		ping("Nurse", "nurse-1")+pong("Nurse", "nurse-1")+
		"Nurse sends:\n\t<iq to=\"localhost\" type=\"get\" id=\"nurse-2\"><q xmlns=\"urn:test:q\"/></iq>\n"+pong("Nurse", "nurse-2")+
		ping("Nurse", "release")+pong("Romeo", "wait-1")+pong("Romeo", "romeo-2")+pong("Juliet", "wait-2")+pong("Juliet", "juliet-2"))
	s.want("nurse-1 nurse-2 release", `return prosody.hosts.localhost.modules.t.in_order():match("^nurse%-1 nurse%-2 release")`)
	s = withModule(t, `
local st = require "util.stanza";
local async = require "util.async";
local order = {};
module:hook("iq-get/host/urn:test:q:q", function (event)
	local id = event.stanza.attr.id;
	if id == "slow" then async.sleep(0.05); end
	table.insert(order, id);
	event.origin.send(st.reply(event.stanza));
	return true;
end);
function in_order() return table.concat(order, " "); end
`)
	s.play("order", cast+ping("Romeo", "slow")+ping("Romeo", "after")+ping("Juliet", "between")+pong("Juliet", "between")+pong("Romeo", "slow")+pong("Romeo", "after"))
	s.want("between slow after", `return prosody.hosts.localhost.modules.t.in_order()`)
}

// Stanzas that could not be written as XML are errors where they are built.
func TestStanzasThatCannotBe(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
local t = require "harness";
t.raises("", st.stanza, "bad name");
t.raises("", st.stanza, "a><b");
t.raises("", st.stanza, "");
t.raises("", st.stanza, "a", { ["bad name"] = "x" });
t.raises("", st.stanza, "a", { ["x='1' y"] = "x" });
t.raises("", st.stanza, "a", { x = "\255\254" });
t.raises("", st.stanza, "a", { x = {} });
local s = st.stanza("a");
t.raises("", s.text, s, "\255");
t.raises("", s.tag, s, "<");
t.raises("", st.message, {}, "\0");
t.raises("invalid name", st.deserialize, { name = "a b", attr = {} });
s.attr.id = "ok";
t.raises("invalid", function () s.attr["a b"] = "x"; end);
t.raises("invalid", function () s.attr.id = "\255"; end);
t.raises("invalid", function () s[1] = "\0"; end);
t.raises("invalid", function () s.name = "<"; end);
t.raises("invalid", function () s.attr = { x = "\1" }; end);
done = true;
`)
	s.want("true", `return prosody.hosts.localhost.modules.t.done`)
	if !strings.Contains(s.log.String(), "listening") {
		t.Error("nothing was logged")
	}
}

func TestAccountsOfAModule(t *testing.T) {
	s := start(t, setting{config: `
[global]
modules_enabled = ["tls", "saslauth", "roster"]
[host.localhost]
authentication = "mine"
`, plugins: files("mod_auth_mine.lua", `
local new_sasl = require "util.sasl".new;
local passwords = { romeo = "montague" };
local provider = {};
function provider.test_password(username, password)
	if passwords[username] == password then return true; end
	return nil, "wrong password";
end
function provider.user_exists(username) return passwords[username] ~= nil; end
function provider.users() return pairs(passwords); end
function provider.set_password(username, password)
	if not passwords[username] then return nil, "no such user"; end
	passwords[username] = password;
	return true;
end
function provider.create_user(username, password) passwords[username] = password; return true; end
function provider.get_sasl_handler(session)
	return new_sasl(module.host, { plain_test = function (sasl, username, password, realm)
		return provider.test_password(username, password) or false, true;
	end });
end
module:provides("auth", provider);
`)})
	s.want("true false true nil", `local um = require "core.usermanager";
		return um.user_exists("romeo", "localhost"), um.user_exists("tybalt", "localhost"), um.test_password("romeo", "localhost", "montague"),
			(um.delete_user("romeo", "localhost"))`)
	login := func(password string) error {
		script, err := spec.Parse("login", []byte("[Client] Romeo\n\tjid: romeo@localhost\n\tpassword: "+password+"\n-----\nRomeo connects\n"))
		if err != nil {
			t.Fatal(err)
		}
		player := spec.Player{Dial: spec.Only(s.Addrs()[0].String()), Timeout: 4 * spec.DefaultTimeout}
		return player.Play(t.Context(), script)
	}
	if err := login("montague"); err != nil {
		t.Error(err)
	}
	if err := login("capulet"); err == nil {
		t.Error("logged in with a wrong password")
	}
	s.want("true romeo", `local um = require "core.usermanager"; local names = {};
		for name in um.users("localhost") do table.insert(names, name); end
		return um.set_password("romeo", "other", "localhost"), table.concat(names, " ")`)
	if err := login("other"); err != nil {
		t.Error(err)
	}
}

// What a module changes in session.roster is there for other modules, and is kept by save_roster with or without the table.
func TestSessionRosterInLua(t *testing.T) {
	s := withModule(t, `
local st = require "util.stanza";
local rm = require "core.rostermanager";
local t = require "harness";
module:hook("iq-get/host/urn:test:q:q", function (event)
	local s = event.origin;
	local roster = s.roster;
	t.equal(s.roster == roster and prosody.bare_sessions["romeo@localhost"].roster == roster, true);
	roster["paris@localhost"] = { subscription = "to", groups = { County = true } };
	t.equal(s.roster["paris@localhost"].subscription, "to");
	t.equal(rm.load_roster("romeo", "localhost") == roster, true);
	t.equal(rm.is_user_subscribed("romeo", "localhost", "paris@localhost"), false);
	t.equal(rm.save_roster("romeo", "localhost", nil, "paris@localhost"), true);
	t.equal(rm.load_roster("romeo", "localhost")["paris@localhost"], { subscription = "to", groups = { County = true } });
	s.roster["paris@localhost"] = nil;
	t.equal(rm.save_roster("romeo", "localhost", s.roster), true);
	t.equal(rm.is_user_subscribed("romeo", "localhost", "paris@localhost"), false);
	s.directed = { ["hall@localhost"] = true };
	t.equal(s.directed["hall@localhost"], true);
	s.send(st.reply(event.stanza));
	return true;
end);
`)
	s.play("roster", cast+ping("Romeo", "1")+pong("Romeo", "1"))
}
