package host_test

import (
	"context"
	"os"
	"testing"

	"quatrain/host"
	"quatrain/lua"
	"quatrain/plugins"
	"quatrain/sdk"
	"quatrain/sdk/serve"
	"quatrain/xmpp/stanza"
)

// TestMain makes the test binary the program of its plugins.
func TestMain(m *testing.M) {
	serve.InTestMain(func(word, name string) func() sdk.Plugin {
		if word == host.ServeLua {
			return func() sdk.Plugin {
				return host.NewIsolated(name, plugins.FS, overlay{os.DirFS("testdata/lib"), lua.FS})
			}
		}
		return processPlugins[name]
	})
	os.Exit(m.Run())
}

// processPlugins are the plugins of these tests that run in processes of their own.
var processPlugins = map[string]func() sdk.Plugin{
	"halls":   func() sdk.Plugin { return newHalls() },
	"echo":    func() sdk.Plugin { return &echo{} },
	"visitor": func() sdk.Plugin { return &visitor{} },
}

// echo answers queries and messages.
type echo struct{ m sdk.Module }

func (p *echo) Load(ctx context.Context, m sdk.Module) error {
	p.m = m
	m.AddItem(ctx, "feature", "urn:test:echo")
	m.Hook("iq-get/host/urn:test:echo:q", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		reply := stanza.Reply(ev.Stanza)
		reply.Tag("q", "urn:test:echo", "option", text(m.Option("echo_word")), "host", m.Host())
		return true, ev.Origin.Send(ctx, reply)
	})
	m.Hook("iq-get/host/urn:test:fail:q", 0, func(context.Context, *sdk.Event) (any, error) { panic("as asked") })
	m.Hook("iq-get/host/urn:test:refuse:q", 0, func(context.Context, *sdk.Event) (any, error) {
		return nil, stanza.NewError(stanza.NotAllowed, "Not today")
	})
	m.Serve("message/host", 0, func(ctx context.Context, ev *sdk.Event) (any, error) {
		ask := sdk.NewEvent("echo-asked", "text", ev.Stanza.ChildText("body", ""), "stanza", ev.Stanza)
		if result, err := m.Fire(ctx, ask); result != nil || err != nil {
			return result, err
		}
		st := stanza.Message(ask.String("text"), "from", m.Host(), "to", ev.Stanza.From(), "id", ev.Stanza.ID())
		return true, m.Send(ctx, nil, st)
	})
	return nil
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

// inProcess starts a server with one of the plugins in a process of its own, and a Lua module t.
func inProcess(t *testing.T, name, module string) *stage {
	return start(t, setting{
		config:    "[global]\necho_word = \"cuckoo\"\nmodules_enabled = [\"tls\", \"saslauth\", \"roster\", \"" + name + "\", \"t\"]\n[host.localhost]\n",
		plugins:   files("mod_t.lua", module),
		processes: map[string]func() sdk.Plugin{name: processPlugins[name]},
	})
}

func TestPluginInAProcess(t *testing.T) {
	s := inProcess(t, "echo", `
module:hook("echo-asked", function (event)
	if event.text == "no" then return false; end
	event.text = event.text:upper();
end);
`)
	s.play("echo", cast+`
Romeo sends:
	<iq to="localhost" type="get" id="1"><q xmlns="urn:test:echo"/></iq>
Romeo receives:
	<iq from="localhost" type="result" id="1"><q xmlns="urn:test:echo" option="cuckoo" host="localhost"/></iq>
Romeo sends:
	<message to="localhost" id="2"><body>hail</body></message>
Romeo receives:
	<message from="localhost" id="2"><body>HAIL</body></message>
Romeo sends:
	<message to="localhost" id="3"><body>no</body></message>
Romeo receives:
	<message from="localhost" id="3" type="error"><error type="cancel"><service-unavailable xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></message>
Romeo sends:
	<iq to="localhost" type="get" id="4"><q xmlns="urn:test:fail"/></iq>
Romeo receives:
	<iq from="localhost" type="error" id="4"><error type="cancel"><internal-server-error xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></iq>
Romeo sends:
	<iq to="localhost" type="get" id="5"><q xmlns="urn:test:refuse"/></iq>
Romeo receives:
	<iq from="localhost" type="error" id="5"><error type="cancel"><not-allowed xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">Not today</text></error></iq>
`)
	s.logged("event handler failed", "plugin=echo", "as asked", "traceback", "process_test.go")
	s.want("urn:test:echo", `for _, f in ipairs(prosody.hosts.localhost.modules.t.module:get_host_items("feature")) do if f:find("echo") then return f; end; end`)
}
