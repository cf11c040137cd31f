package host_test

import (
	"testing"
	"testing/fstest"
)

// files is a tree of plugins: file names with their text.
func files(pairs ...string) fstest.MapFS {
	tree := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		tree[pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return tree
}

const failing = `
[global]
handler_timeout = 0.1
modules_enabled = ["tls", "saslauth", "syntax", "raises", "raises_in_load", "missing", "nosuch", "spins", "answers", "breaks"]

[host."localhost"]
`

const answers = `
module:hook("iq-get/host/urn:test:answer:q", function (event)
	event.origin.send(require "util.stanza".reply(event.stanza));
	return true;
end);
module:hook("iq-get/bare/urn:test:answer:q", function (event)
	event.origin.send(require "util.stanza".reply(event.stanza));
	return true;
end);
`

const breaks = `
local function inner()
	local nothing;
	return nothing.field;
end
module:hook("iq-get/host/urn:test:raise:q", function () inner(); end);
module:hook("iq-get/host/urn:test:table:q", function () error({ condition = "odd" }); end);
module:hook("iq-get/host/urn:test:loop:q", function () while true do end end);
module:hook("iq-get/host/urn:test:protected:q", function () while true do pcall(function () while true do end end) end end);
module:hook("iq-get/host/urn:test:method:q", function () module:no_such_method(); end);
module:hook("iq-get/host/urn:test:deep:q", function () local function f() return 1 + f(); end f(); end);
module:add_timer(0, function () while true do end end);
module:hook("message/host", function () error("message refused"); end);
module:hook("server-started", function () error("not heard") end);
`

// What goes wrong in a module stays there: it is logged with file, line and traceback, what it was about is answered
// internal-server-error, and everything else goes on.
func TestFailures(t *testing.T) {
	s := start(t, setting{config: failing, plugins: files(
		"mod_syntax.lua", "local x = = 1",
		"mod_raises.lua", "local st = require 'util.stanza';\n\nerror('while loading')",
		"mod_raises_in_load.lua", "function module.load()\n\tlocal x = nil + 1;\nend",
		"mod_missing.lua", "module:not_a_method();",
		"mod_spins.lua", "module:add_timer(0, function () while true do end end);\nwhile true do end",
		"mod_answers.lua", answers,
		"mod_breaks.lua", breaks,
	)})
	s.logged("plugin=syntax", "mod_syntax.lua:1:")
	s.logged("plugin=raises", "mod_raises.lua:3: while loading", "stack traceback")
	s.logged("plugin=raises_in_load", "mod_raises_in_load.lua:2:", "arithmetic")
	s.logged("plugin=missing", "mod_missing.lua:1:", "not_a_method")
	s.logged("plugin=spins", "mod_spins.lua:2:", "time budget")
	s.logged("plugin=nosuch", "module-not-found")
	s.play("failures", `
[Client] Romeo
	jid: romeo@localhost
	password: montague
[Client] Juliet
	jid: juliet@localhost
	password: capulet
-----
Romeo connects
Juliet connects
`+refused("raise")+refused("table")+refused("loop")+refused("protected")+refused("method")+refused("deep")+`
Romeo sends:
	<message to="localhost" id="m"><body>x</body></message>
Romeo receives:
	<message from="localhost" id="m" type="error"><error type="cancel"><internal-server-error xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>
Romeo sends:
	<iq to="localhost" type="get" id="last"><q xmlns="urn:test:answer"/></iq>
Romeo receives:
	<iq from="localhost" type="result" id="last"/>
`)
	s.logged("event handler failed", "plugin=breaks", "mod_breaks.lua:4:", "nothing", "stack traceback", "inner")
	s.logged("event handler failed", "plugin=breaks", "error object: odd", "mod_breaks.lua:7")
	s.logged("event handler failed", "plugin=breaks", "time budget", "mod_breaks.lua:8")
	s.logged("event handler failed", "plugin=breaks", "no_such_method", "mod_breaks.lua:10:")
	s.logged("event handler failed", "plugin=breaks", "stack overflow")
	s.logged("timer failed", "plugin=breaks", "time budget")
}

// refused is an act in which a handler breaks while another client is served.
func refused(what string) string {
	return `
Romeo sends:
	<iq to="localhost" type="get" id="` + what + `"><q xmlns="urn:test:` + what + `"/></iq>
Juliet sends:
	<iq to="localhost" type="get" id="j-` + what + `"><q xmlns="urn:test:answer"/></iq>
Juliet receives:
	<iq from="localhost" type="result" id="j-` + what + `"/>
Romeo receives:
	<iq from="localhost" type="error" id="` + what + `"><error type="cancel"><internal-server-error xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>
`
}
