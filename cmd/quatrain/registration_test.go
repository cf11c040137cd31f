package main

import (
	"io"
	"strings"
	"testing"

	"quatrain/host"
	"quatrain/plugins"
	"quatrain/spec"
)

const registrationCast = `
[Client] Romeo
	jid: romeo@localhost
	password: montague

[Client] Juliet
	jid: juliet@localhost
	password: capulet

-----

`

// A persistent room in which Juliet has reserved her nick.
const registrationMade = registrationCast + `
Romeo connects
Juliet connects

Romeo sends:
	<presence to='garden@conference.localhost/Romeo'><x xmlns='http://jabber.org/protocol/muc'/></presence>
Romeo receives:
	<message type='groupchat'><subject/></message>
Romeo sends:
	<iq type='set' id='config' to='garden@conference.localhost'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>
		<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>
		<field var='muc#roomconfig_persistentroom'><value>1</value></field>
	</x></query></iq>
Romeo receives:
	<iq type='result' id='config'/>
Romeo sends:
	<iq type='set' id='member' to='garden@conference.localhost'><query xmlns='http://jabber.org/protocol/muc#admin'>
		<item affiliation='member' jid="${Juliet's JID}" nick='Juliet'/>
	</query></iq>
Romeo receives:
	<iq type='result' id='member'/>
`

// The nick is still Juliet's, and she is told so.
const registrationKept = registrationCast + `
Romeo connects
Juliet connects

Romeo sends:
	<presence to='garden@conference.localhost/juliet'><x xmlns='http://jabber.org/protocol/muc'/></presence>
Romeo receives:
	<presence type='error'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>
Juliet sends:
	<iq type='get' id='r1' to='garden@conference.localhost'><query xmlns='jabber:iq:register'/></iq>
Juliet receives:
	<iq type='result' id='r1'><query xmlns='jabber:iq:register'><registered/><username>Juliet</username></query></iq>
`

// Nobody looks after reserved nicks.
const registrationGone = registrationCast + `
Romeo connects
Juliet connects

Juliet sends:
	<iq type='get' id='r1' to='garden@conference.localhost'><query xmlns='jabber:iq:register'/></iq>
Juliet receives:
	<iq type='error' id='r1'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>
Romeo sends:
	<presence to='garden@conference.localhost/Juliet'><x xmlns='http://jabber.org/protocol/muc'/></presence>
Romeo receives:
	<presence from='garden@conference.localhost/Juliet'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>
Romeo receives:
	<message type='groupchat'><subject/></message>
`

// TestRegistrationIsReloaded: what muc_register gives to rooms comes and goes with it, and with the rooms, whichever twin it is.
func TestRegistrationIsReloaded(t *testing.T) {
	steps := []struct{ change, plugin, script string }{
		{"", "", registrationMade}, {"", "", registrationKept},
		{"reload", "muc_register", registrationKept},
		{"reload", "muc_core", registrationKept},
		{"unload", "muc_register", registrationGone},
		{"load", "muc_register", registrationKept},
	}
	for _, runtime := range []string{"lua", "go"} {
		t.Run(runtime, func(t *testing.T) {
			complaints := &logbook{}
			p := &program{stdout: io.Discard, stderr: complaints}
			config := "../../plugins/muc_register/spec/plugins.toml"
			server, err := p.newEphemeral(t.Context(), config, runtimes{of: map[string]string{"muc_register": runtime}, inProcess: true}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer server.close(t.Context())
			control, err := host.NewControl(host.Options{ConfigFile: config, DataDir: server.data, Plugins: plugins.FS})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range steps {
				if step.change != "" {
					if _, err := control.ChangePlugin(t.Context(), step.change, "conference.localhost", step.plugin); err != nil {
						t.Fatalf("%s %s: %v", step.change, step.plugin, err)
					}
				}
				if err := playOn(t, server, step.script); err != nil {
					t.Errorf("%s %s: %v", step.change, step.plugin, err)
				}
			}
			if text := strings.TrimSpace(complaints.String()); text != "" {
				t.Errorf("the server complains:\n%s", text)
			}
		})
	}
}

// playOn plays the text of a script on a server.
func playOn(t *testing.T, server *ephemeral, text string) error {
	script, err := spec.Parse("script", []byte(text))
	if err != nil {
		return err
	}
	player := spec.Player{Timeout: spec.DefaultTimeout, Dial: server.dial()}
	if err := server.admit(t.Context(), script); err != nil && !strings.Contains(err.Error(), "exists") {
		return err
	}
	return player.Play(t.Context(), script)
}
