package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
)

// The hosts that every server under test serves.
const (
	accountsHost  = "localhost"            // with accounts, which anybody may make
	anonymousHost = "anon.localhost"       // SASL ANONYMOUS
	roomsHost     = "conference.localhost" // rooms that anybody may make
)

// server is one of those that are compared.
type server struct {
	name string
	// start runs it with data in dir, listening for clients on a loopback address.
	start func(ctx context.Context, dir, address string, o options) (*process, error)
	// lacks are scenarios that it cannot play, and why.
	lacks map[string]string
}

// options of a run.
type options struct {
	pinned   bool   // one core for the server
	modules  bool   // ten extensions of rooms are loaded
	idlers   int    // so many modules are loaded, only by ours, that hook what never happens
	programs bool   // they are programs, else Lua modules
	binary   string // of ours
	library  string // Prosody's modules
}

// servers in the order of the table.
var servers = []server{
	{name: "prosody", start: startProsody},
	{name: "ejabberd", start: startEjabberd, lacks: map[string]string{"module": "its modules are not Lua"}},
	{name: "quatrain-go", start: startQuatrain("go")},
	{name: "quatrain-lua", start: startQuatrain("lua")},
	{name: "quatrain-mod_muc", start: startQuatrain("prosody"), lacks: map[string]string{"c2c": noRooms, "login-scram": noRooms, "login-plain": noRooms, "idle": noRooms, "idle-tls": noRooms}},
}

// noRooms is why a server is not measured that differs from others in its rooms only.
const noRooms = "as quatrain-lua: no rooms are in it"

func serverOf(name string) (server, bool) {
	at := slices.IndexFunc(servers, func(s server) bool { return s.name == name })
	if at < 0 {
		return server{}, false
	}
	return servers[at], true
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}

// write makes a file in a directory and returns its name.
func write(dir, name, text string) (string, error) {
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", err
	}
	return file, os.WriteFile(file, []byte(text), 0o644)
}

// extensions writes ten Lua modules for rooms and returns their names: each hooks what most of them do, and looks at the message.
func extensions(dir string) (names []string, err error) {
	events := []string{"muc-occupant-groupchat", "muc-broadcast-message", "muc-occupant-pre-join", "muc-occupant-joined", "muc-add-history"}
	for i := range 10 {
		name := fmt.Sprint("bench_extension", i)
		text := ""
		for _, event := range events {
			text += fmt.Sprintf("module:hook(%q, function (event)\n\tlocal stanza = event.stanza;\n\tif stanza.attr.type == \"other\" or stanza:get_child(\"none\", \"urn:example:%d\") then return true; end\nend, %d);\n", event, i, i)
		}
		if _, err := write(dir, "mod_"+name+".lua", text); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}
