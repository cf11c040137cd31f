package luabridge

import (
	"context"
	"crypto/tls"
	"iter"
	"net"
	"time"

	"quatrain/host/internal/luabridge/lualib"
	"quatrain/sdk"
	"quatrain/xmpp/stanza"
)

// Server is what Lua modules see of the server beyond their own sdk.Module: the "prosody" table and the managers of core.*. It is
// safe for concurrent use.
type Server interface {
	// Version is the server's own, without its name.
	Version() string
	// Path is the directory of a kind: "config", "data", "source" or "plugins"; "" if there is none.
	Path(kind string) string
	ConfigFile() string
	StartTime() time.Time

	// Hosts are the names of all hosts, in order of the configuration.
	Hosts() []string
	HostType(host string) (t sdk.HostType, ok bool)
	// HostSession is the host itself as an origin, nil for a host that is not ours.
	HostSession(host string) sdk.Session
	// Bus is a host's bus, the global one for "*", nil for a host that is not ours.
	Bus(host string) sdk.Bus
	ActivateHost(ctx context.Context, host string) error
	DeactivateHost(ctx context.Context, host string) error

	// Option is looked up on the host, then globally; OptionAt in one section. Values as sdk.Module.Option's.
	Option(host, name string) any
	OptionAt(host, name string) any
	SetOption(host, name string, value any)
	ReloadConfig(ctx context.Context) error
	// AppURL is what module:http_url(app, path, mode) is to the modules of a host in the server's own Lua world; "" if nothing serves HTTP there.
	AppURL(ctx context.Context, host, app, path, mode string) (string, error)

	Router
	Streams
	Plugins
	lualib.Server
	Users() Users
	Rosters() Rosters
	OpenStore(ctx context.Context, host, name, kind string) (any, error)
	PurgeStores(ctx context.Context, host, user string) error
	// StorageDriver is the driver of a host by its name; an error if there is none. StorageDriverName is what the operator chose for a store.
	StorageDriver(ctx context.Context, host, name string) (StorageDriver, error)
	StorageDriverName(host, store string) string
	Shutdown(reason string, code int)
	// WatchLog tells f what the server logs, at every level. f must neither wait nor log.
	WatchLog(f func(LogLine)) (stop func())
	// Metrics is what the server and its plugins measure. here is false in a process of its own, whose measurements the server takes.
	Metrics() (list []Metric, here bool)
}

// StorageDriver is one way of keeping data.
type StorageDriver interface {
	// Open opens a store of a kind; sdk.ErrUnsupported if the driver does not have the kind.
	Open(ctx context.Context, host, store, kind string) (any, error)
	Purge(ctx context.Context, host, user string) error
	// Stores are the names of the stores in which a user has data, "" for what belongs to the host itself.
	Stores(ctx context.Context, host, user string) ([]string, error)
}

// Router is the session table and the way of stanzas.
type Router interface {
	// Session is the session of a full JID, nil if there is none.
	Session(fullJID string) sdk.Session
	// Sessions are all bound sessions.
	Sessions() iter.Seq[sdk.Session]
	// UserSessions are the bound sessions of a bare JID; nil if there is none.
	UserSessions(bareJID string) []sdk.Session
	// Users of a host that have a session, by localpart.
	OnlineUsers(host string) []string
	// TopSessions are the available sessions of a bare JID with the highest non-negative priority.
	TopSessions(bareJID string) []sdk.Session
	// Process, Post and Route are the three steps of a stanza's way (module-api: event names and stanza routing).
	Process(ctx context.Context, origin sdk.Session, st *stanza.Element) error
	Post(ctx context.Context, origin sdk.Session, st *stanza.Element) error
	// Submit is Post after the events of the sender's side.
	Submit(ctx context.Context, origin sdk.Session, st *stanza.Element) error
	Route(ctx context.Context, origin sdk.Session, st *stanza.Element) error
	// Bind gives an authenticated session a resource ("" lets the server choose).
	Bind(ctx context.Context, s sdk.Session, resource string) error
	// Adopt makes a session of a client whose stream a module reads and writes itself.
	Adopt(a Adoption) (sdk.Session, error)
	// Authenticated makes an unauthenticated session the user's; role may be "", which is that of the user.
	Authenticated(ctx context.Context, s sdk.Session, username, role string) error
	// DestroySession ends a session without a word to its client, unless a module keeps it. reason may be "".
	DestroySession(ctx context.Context, s sdk.Session, reason string) error
}

// Streams are the connections of clients.
type Streams interface {
	// Conns are all of them now.
	Conns() iter.Seq[Conn]
}

// Conn is a client's connection. It serves one session, and may be given to another one. It can be asked and told all of this from any
// goroutine.
type Conn interface {
	// Face and SetFace hold our view of it.
	Face() any
	SetFace(v any)
	// Session is whose stream it carries, nil if nobody's; Serve gives it to another one, or to nobody.
	Session() sdk.Session
	Serve(s sdk.Session)
	// Addrs are the client's address and ours, each nil if the connection has none.
	Addrs() (remote, local net.Addr)
	// TLS is the state of the encrypted connection, nil on a plain one.
	TLS() *tls.ConnectionState
	// Write sends bytes as they are; Shut ends the connection after what waits, without an end of the stream.
	Write(b []byte)
	Shut()
	// Pause stops reading until Resume; Hold keeps what is sent waiting until Release.
	Pause()
	Resume()
	Hold()
	Release()
	// Limit reads no more than so many bytes in a second, and after a pause as many as in the time of burst at once; 0 is no limit.
	Limit(bytesPerSecond float64, burst time.Duration)
	// Restart lets the client open its stream again after the element that is being handled.
	Restart()
	// Secure begins TLS after the element that is being handled, as a server, with config or, if that is nil, as the operator wants it. What the client
	// has sent unencrypted by then ends the stream.
	Secure(ctx context.Context, config *tls.Config)
}

// Plugins is the module manager.
type Plugins interface {
	// Plugin is the instance loaded on a host, or globally; nil if there is none.
	Plugin(host, name string) sdk.Plugin
	// ResolvePlugin is the name that a plugin is loaded under on a host, or would be: the proper one behind an alias.
	ResolvePlugin(host, name string) string
	// PluginNames are the instances of a host ("*": the global ones), in order of loading.
	PluginNames(host string) []string
	// HostItems are the items that all modules of a host ("*": the global ones) offer under a key.
	HostItems(host, key string) []any
	LoadPlugin(ctx context.Context, host, name string) (sdk.Plugin, error)
	UnloadPlugin(ctx context.Context, host, name string) error
	ReloadPlugin(ctx context.Context, host, name string) error
	// ModulesEnabled is what the configuration enables on a host.
	ModulesEnabled(host string) []string
}

// Users is the user manager. Usernames and hosts are prepared.
type Users interface {
	// SASL begins an attempt of a session to log in.
	SASL(ctx context.Context, host string, s sdk.Session) (SASL, error)
	Exists(ctx context.Context, user, host string) (bool, error)
	TestPassword(ctx context.Context, user, host, password string) (bool, error)
	SetPassword(ctx context.Context, user, host, password, resource string) error
	Create(ctx context.Context, user, host, password string) error
	Delete(ctx context.Context, user, host string) error
	Enabled(ctx context.Context, user, host string) (bool, error)
	SetEnabled(ctx context.Context, user, host string, enabled bool) error
	// All iterates over the accounts of a host.
	All(ctx context.Context, host string) iter.Seq2[string, error]
	// Password is the password in the clear, an error if the provider does not know it.
	Password(ctx context.Context, user, host string) (string, error)
	// Info is what is known of an account.
	Info(ctx context.Context, user, host string) (AccountInfo, error)
	// Provider is the item that a plugin added as the accounts of a host; nil if there is none, or it is out of reach.
	Provider(host string) any
	Roles
}

// AccountInfo is what is known of an account; times may be zero.
type AccountInfo struct {
	Created, PasswordUpdated time.Time
	Enabled                  bool
}

// Roles says who has which role on a host.
type Roles interface {
	// Role is the role of a JID on a host.
	Role(ctx context.Context, jid, host string) string
	// SetRole gives a user another role.
	SetRole(ctx context.Context, user, host, role string) error
	// SecondaryRoles are the roles that a user may take on besides; SetSecondaryRole adds one, or removes it.
	SecondaryRoles(ctx context.Context, user, host string) ([]string, error)
	SetSecondaryRole(ctx context.Context, user, host, role string, has bool) error
	// UsersWithRole are the users of a host who were given a role, "" for any: user → role.
	UsersWithRole(ctx context.Context, host, role string) (map[string]string, error)
	// RoleNames are the roles that there are on a host, the lowest first.
	RoleNames(host string) []string
	// Permitted tells whether a role may do an action (module name, colon, verb).
	Permitted(host, role, action string) bool
}

// Rosters is the roster manager. Contacts are bare JIDs.
type Rosters interface {
	Load(ctx context.Context, user, host string) (sdk.Roster, error)
	// Update changes an item, or removes it if item is nil, and stores the roster. Nobody is told; see Push.
	Update(ctx context.Context, user, host, contact string, item *sdk.RosterItem) error
	// Push tells the user's interested sessions about an item.
	Push(ctx context.Context, user, host, contact string) error
	// Transition applies one of the named changes of a subscription: set_contact_pending_in, set_contact_pending_out, subscribed,
	// unsubscribe, unsubscribed, process_inbound_subscription_approval, …_cancellation, process_outbound_subscription_request,
	// process_inbound_unsubscribe. changed tells whether there was something to change.
	Transition(ctx context.Context, name, user, host, contact string, st *stanza.Element) (changed bool, err error)
	// Pending tells whether a contact's request waits for an answer (in), or ours for the contact's (out).
	Pending(ctx context.Context, user, host, contact string) (in, out bool, err error)
}
